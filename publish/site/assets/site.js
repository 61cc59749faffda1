// The little that needs a script: a postcode district to its borough, from a list that came with the page. Nothing is sent.
"use strict";
(() => {
  const form = document.querySelector("[data-search]");
  const answer = document.querySelector("[data-answer]");
  if (form && answer && typeof DISTRICTS === "object") {
    form.hidden = false;
    const input = form.querySelector("input");
    input.addEventListener("input", () => {
      answer.replaceChildren();
      const typed = input.value.toUpperCase().replace(/[^A-Z0-9]/g, "");
      if (!typed) return;
      // A whole postcode: what stands before its last three letters and figures. A name: whatever begins so.
      const district = DISTRICTS[typed] ? typed : typed.replace(/[0-9][A-Z]{2}$/, "");
      const codes = DISTRICTS[district] || Object.keys(BOROUGHS).filter((code) =>
        typed.length > 1 && BOROUGHS[code].toUpperCase().replace(/[^A-Z]/g, "").includes(typed));
      for (const code of codes) {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = `borough-${code}.html`;
        link.textContent = BOROUGHS[code];
        item.append(link);
        answer.append(item);
      }
      if (!codes.length) {
        const item = document.createElement("li");
        item.textContent = answer.dataset.nothing;
        answer.append(item);
      }
    });
  }
  // What the map says where a finger or a key rests.
  const said = document.querySelector("[data-said]");
  for (const area of document.querySelectorAll(".map a")) {
    for (const event of ["focus", "mouseenter"]) {
      area.addEventListener(event, () => { if (said) said.textContent = area.getAttribute("aria-label"); });
    }
  }
})();
