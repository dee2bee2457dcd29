/* Back, and sent again: a browser that goes back fills in what was typed, but fetches the form anew, and with it a new
   key. So the page's entry in the history keeps the keys of its forms, and the same form is known as the same.
   Without script the second sending counts as a new one. */
"use strict";
(() => {
  const keys = [...document.querySelectorAll("form.form input[name=submission]")];
  const [navigation] = performance.getEntriesByType("navigation");
  const kept = navigation?.type === "back_forward" && history.state?.submissions;
  keys.forEach((key, number) => { if (kept && kept[number]) key.value = kept[number]; });
  if (keys.length) history.replaceState({ ...history.state, submissions: keys.map((key) => key.value) }, "");
})();
