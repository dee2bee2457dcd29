/* A page that opens at one of its parts says there what was done: at its top nobody would see it. */
"use strict";
(() => {
  const told = document.querySelector(".flashes");
  const part = told && document.getElementById(location.hash.slice(1));
  if (!part) return;
  if (/^H[1-6]$/.test(part.tagName)) part.after(told); else part.prepend(told);
  part.scrollIntoView();
})();
