"""Single logout: sessions with us end, then the browser is taken round the applications that took part in them."""
