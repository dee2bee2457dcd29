/* Saves what is written in minutes every 20 seconds, by the form that the buttons send as well. Without it, or without
   a network, the buttons do everything; what is typed stays in the page, and leaving it asks first. */
"use strict";
(() => {
  const form = document.querySelector("form[data-autosave]");
  const message = document.querySelector("[data-autosave-message]");
  if (!form || !message) return;
  const texts = [...form.querySelectorAll("textarea[name]")];
  const saved = new Map(texts.map((text) => [text.name, text.value]));
  const changed = () => texts.some((text) => text.value !== saved.get(text.name));
  let busy = false;
  let leaving = false;

  const save = async () => {
    if (busy || leaving || !changed()) return;
    busy = true;
    const sent = new Map(texts.map((text) => [text.name, text.value]));
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      for (const [id, number] of Object.entries(said.bases)) form.elements[`base-${id}`].value = number;
      for (const [name, value] of sent) {
        if (!said.conflicts.includes(Number(name.replace("text-", "")))) saved.set(name, value);
      }
      message.textContent = said.message;
    } catch {
      message.textContent = form.dataset.autosave;
    } finally {
      busy = false;
    }
  };

  setInterval(save, 20000);
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (!leaving && changed()) event.preventDefault(); });
})();
