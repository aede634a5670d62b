// The one script: copies a feed's address. Without it the address can still be selected.
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
