// `/` leads to the page's search, as in many places where lists are searched. Everything works without it.
"use strict";

document.addEventListener("keydown", (event) => {
  const writes = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writes) {
    return;
  }
  const search = document.querySelector("form[role=search] input");
  if (search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});
