/* Saves the presence of a seat as soon as it is chosen, by the form that the buttons send as well. Without it, or
   without a network, the buttons do everything; what was chosen stays in the page, and leaving it asks first. */
"use strict";
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const waiting = new Set(); // the seats whose choice is not saved yet
  let timer = 0;
  let sending = null;
  let leaving = false;

  const say = (seat, message, saved) => {
    const note = document.getElementById(`${seat}-note`);
    note.textContent = message;
    note.classList.toggle("roll__note--wrong", !saved);
  };

  const save = async (seat) => {
    const { csrf_token: token, [seat]: { value: chosen }, [`was-${seat}`]: was } = form.elements;
    const answer = await fetch(form.action, {
      method: "POST", redirect: "error", headers: { "X-Autosave": "1" }, signal: AbortSignal.timeout(15000),
      body: new URLSearchParams([[token.name, token.value], [seat, chosen], [was.name, was.value]]),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const said = await answer.json();
    const settled = said.saved || said.was !== was.value; // what others recorded is replaced only if it is chosen again
    if (settled && form.elements[seat].value === chosen) waiting.delete(seat);
    was.value = said.was;
    const quorum = document.getElementById("quorum");
    const [reached, missed, words] = quorum.children;
    [quorum.hidden, reached.hidden, missed.hidden] = [!said.quorum.known, !said.quorum.reached, said.quorum.reached];
    words.textContent = said.quorum.words;
    say(seat, said.message, said.saved);
  };

  const saveAll = async () => {
    for (const seat of waiting) {
      await save(seat).catch(() => {
        say(seat, form.dataset.autosave, false);
        soon(20000);
      });
    }
  };
  const begin = () => { sending ? soon(300) : sending = saveAll().finally(() => { sending = null; }); };
  const soon = (delay) => { clearTimeout(timer); timer = setTimeout(begin, delay); };

  form.addEventListener("click", ({ target }) => { // arrow keys click as well, and so does choosing the same again
    if (target.type !== "radio") return;
    waiting.add(target.name);
    soon(600);
  });
  form.addEventListener("toggle", ({ target }) => { // Tab stops once in a group of radio buttons, and that is before
    if (target.open) target.querySelector("input").focus({ preventScroll: true });
  }, true);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    leaving = !sending;
    if (leaving) return;
    event.preventDefault(); // what the form says was recorded is of before: let the answer come in first
    sending.then(() => form.requestSubmit(event.submitter));
  });
  window.addEventListener("online", () => soon(0));
  window.addEventListener("beforeunload", (event) => { if (!leaving && waiting.size) event.preventDefault(); });
})();
