// The links to the pages, where Streamlit's own script leaves something out.
(() => {
  if (window.menuIsServed) return;
  window.menuIsServed = true;

  const PHONE_PIXELS = 768;
  const LINK = '[data-testid="stPageLink"] a';
  const linkOf = (event) => event.target.closest?.(LINK);

  // The link to Home has no page's name in it, so that in a new tab it would open the page that is open already.
  const lead = (event) => {
    const link = linkOf(event);
    const address = link?.getAttribute("href");
    if (link && (address === "" || address.startsWith("?"))) link.setAttribute("href", `/${address}`);
  };
  document.addEventListener("pointerdown", lead, true);
  document.addEventListener("focusin", lead, true);

  document.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      // A new tab or window is the browser's own business; Streamlit would open the page in this one.
      event.stopPropagation();
    } else if (window.innerWidth <= PHONE_PIXELS && link.closest('[data-testid="stSidebar"]')) {
      document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
    }
  }, true);

  // A click on a map leads to another page: the page draws the link to it, unseen.
  new MutationObserver(() => {
    const link = document.querySelector(`.st-key-lead-on ${LINK}:not([data-followed])`);
    if (!link) return;
    link.dataset.followed = "yes";
    link.click();
  }).observe(document.body, { childList: true, subtree: true });
})();
