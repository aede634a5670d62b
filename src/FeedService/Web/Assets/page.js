// The one script: copies a feed's address, which can be selected without it too, keeps the status page up to date while it is seen, and gives its
// orders without leaving it.
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
  const nameOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id : "");
  // Only what differs is touched, so that what is open, scrolled or has the focus stays as it is. What has a name is the same wherever it stands.
  const become = (old, fresh) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    // What is open is for whoever looks to say.
    for (const { name } of [...old.attributes]) if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
    let next = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const name = nameOf(child);
      const known = name ? [...old.children].find((one) => one.id === name) : next;
      if (!known || known.nodeName !== child.nodeName || nameOf(known) !== name) {
        old.insertBefore(child, next);
        continue;
      }
      become(known, child);
      if (known === next) next = next.nextSibling;
      else old.insertBefore(known, next);
    }
    while (next) {
      const after = next.nextSibling;
      next.remove();
      next = after;
    }
  };
  let asked = 0;
  let shown = 0;
  const look = async () => {
    const turn = ++asked;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(live.id);
    // What was asked before an order may be answered after it.
    if (turn < shown) return;
    shown = turn;
    const focused = live.contains(document.activeElement) ? document.activeElement : null;
    const section = focused?.closest("section");
    become(live, fresh);
    // What is moved or taken away loses the focus.
    if (focused && focused !== document.activeElement) (live.contains(focused) ? focused : section?.querySelector("button"))?.focus({ preventScroll: true });
  };
  const isSelecting = () => {
    const selection = getSelection();
    return !selection.isCollapsed && live.contains(selection.anchorNode);
  };
  setInterval(() => {
    // Not while nobody looks, nor under the hands of somebody who copies; the service may be starting anew, then the next look tells.
    if (!document.hidden && !isSelecting()) look().catch(() => {});
  }, 3000);
  live.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    // What is done is answered by the way back to this page; anything else is for the browser to show.
    const answer = await fetch(form.action, { method: "POST", redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") look().catch(() => {});
    else form.submit();
  });
}
