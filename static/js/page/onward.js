// A form that goes on by itself: <form data-onward>. Without script its button does. A page that comes back from the
// cache has been sent before, and stays.
{
  document.querySelector("form[data-onward]")?.requestSubmit();
}
