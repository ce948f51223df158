/* Enter sends, Shift+Enter breaks the line, Copy copies. Plain ipywidgets have no key events, so
   this runs when the style that carries it is loaded. Where a page forbids it, the buttons do the
   same. "beforeinput" says that a line break is about to be typed: an input method that is still
   composing a syllable takes its Enter first, so that no half syllable is ever sent. */
const root = this.closest(".cu-widget"), hint = this.dataset.hint;
if (root && !root.dataset.keys) {
  root.dataset.keys = "on";
  let shift = false;
  const isBox = (event) => event.target.matches(".cu-ask textarea");
  const send = () => {
    const box = root.querySelector(".cu-ask textarea");
    /* The text and the wish to send it travel in one message, so neither can overtake the other. */
    box.value += "\u0004";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };
  root.addEventListener("keydown", (event) => { shift = event.shiftKey; }, true);
  root.addEventListener("beforeinput", (event) => {
    const enter = ["insertLineBreak", "insertParagraph"].includes(event.inputType);
    if (!isBox(event) || !enter || shift || event.isComposing) return;
    event.preventDefault();
    send();
  }, true);
  root.addEventListener("click", (event) => {
    if (event.target.closest(".cu-send")) {
      event.stopPropagation();
      send();
    }
    const source = root.querySelector(".cu-live [data-source]");
    if (event.target.closest(".cu-copy") && source && navigator.clipboard) {
      navigator.clipboard.writeText(source.dataset.source).catch(() => {});
    }
  }, true);
  const prepare = () => {
    const log = root.querySelector(".cu-log"), box = root.querySelector(".cu-ask textarea");
    if (log) { log.setAttribute("role", "log"); log.tabIndex = 0; }
    if (box) box.placeholder = hint;
  };
  root.addEventListener("focusin", prepare);
  setTimeout(prepare, 500);
}
