// Asks before a password is left that was neither copied nor closed. Ways out that are meant carry data-leaves.
{
  const ask = (event) => event.preventDefault();
  const settle = () => removeEventListener("beforeunload", ask);
  const begun = performance.now();

  if (document.querySelector("[data-password]")) {
    addEventListener("beforeunload", ask);
    document.addEventListener("copied", settle);
  }

  for (const way of document.querySelectorAll("[data-leaves]")) {
    way.addEventListener("click", (event) => {
      // The second half of a double click on the page before must not land on a way out of this one. Keys have no detail.
      if (event.detail > 0 && performance.now() - begun < 1500) event.preventDefault();
      else settle();
    });
  }
}
