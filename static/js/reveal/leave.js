// Asks before a password is left that was neither copied nor closed. Ways out that are meant carry data-leaves.
{
  const ask = (event) => event.preventDefault();
  const settle = () => removeEventListener("beforeunload", ask);

  if (document.querySelector("[data-password]")) {
    addEventListener("beforeunload", ask);
    document.addEventListener("copied", settle);
  }

  for (const way of document.querySelectorAll("[data-leaves]")) way.addEventListener("click", settle);
}
