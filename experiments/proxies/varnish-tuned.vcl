# For streams: no response is kept or shared, and a silent stream is not cut after a minute, nor a long one after ten.
vcl 4.1;
backend lab {
  .host = "{origin-host}";
  .port = "{origin-port}";
  .first_byte_timeout = 1h;
  .between_bytes_timeout = 1h;
}
sub vcl_recv {
  set sess.idle_send_timeout = 1h;
  set sess.send_timeout = 1h;
  if (req.http.Upgrade ~ "(?i)websocket") {
    return (pipe);
  }
  return (pass);
}
sub vcl_pipe {
  set bereq.http.Upgrade = req.http.Upgrade;
  set bereq.http.Connection = req.http.Connection;
}
