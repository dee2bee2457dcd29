// Says beside the form of a sitting what kind of time its start is, as soon as day and start are entered.
// Without this script the button "check" does the same.
(() => {
  const region = document.getElementById("hour-hint");
  const day = document.getElementById("date");
  const start = document.getElementById("start");
  if (!region || !day || !start) return;
  const say = async () => {
    if (!day.value || !start.value) return;
    const query = new URLSearchParams({ tag: day.value, von: start.value });
    const asked = `${day.value} ${start.value}`;
    try {
      const answer = await fetch(`${region.dataset.url}?${query}`);
      if (answer.ok && asked === `${day.value} ${start.value}`) region.textContent = await answer.text();
    } catch {
      // no network: the button still works later, and saving tells as well
    }
  };
  day.addEventListener("change", say);
  start.addEventListener("change", say);
})();
