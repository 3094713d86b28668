# What people begin with: a server and nothing else. Varnish passes a response on while it comes, and may keep it for others.
vcl 4.1;
backend lab {
  .host = "{origin-host}";
  .port = "{origin-port}";
}
# Without these lines there is no WebSocket at all.
sub vcl_recv {
  if (req.http.Upgrade ~ "(?i)websocket") {
    return (pipe);
  }
}
sub vcl_pipe {
  set bereq.http.Upgrade = req.http.Upgrade;
  set bereq.http.Connection = req.http.Connection;
}
