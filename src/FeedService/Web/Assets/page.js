// The one script: copies a feed's address, which can be selected without it too, and keeps the status page up to date while it is seen.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const status = document.getElementById("copied");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    let copied = false;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch {
      // The clipboard is closed to pages without TLS; the older way is not.
      copied = document.execCommand("copy");
    }
    status.textContent = copied ? "Copied. Paste it into your feed reader." : "Press Ctrl+C or ⌘C to copy.";
    button.classList.toggle("done", copied);
  });
}
for (const field of document.querySelectorAll(".address input")) {
  field.addEventListener("focus", () => field.select());
}
const live = document.querySelector("[data-live]");
if (live) {
  setInterval(async () => {
    // Not while nobody looks, nor under the hands of somebody who does.
    if (document.hidden || live.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(live.id);
      const open = [...live.querySelectorAll("details")].map((details) => details.open);
      live.replaceChildren(...fresh.childNodes);
      live.querySelectorAll("details").forEach((details, i) => (details.open = open[i] ?? details.open));
    } catch {
      // The service may be starting anew; the next look tells.
    }
  }, 3000);
}
