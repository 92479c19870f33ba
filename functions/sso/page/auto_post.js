'use strict';

// The mark stays with this history entry: coming back by Back or Reload shows the button instead of posting again.
if (history.state === null) {
  history.replaceState({ posted: true }, '');
  document.forms[0].submit();
}
