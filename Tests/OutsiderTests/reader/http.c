#define _GNU_SOURCE
#include "http.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void http_ask(struct connection *connection, const char *method, const char *path, const char *fields,
              const char *body) {
  char *request, content[80] = "";
  if (body) sprintf(content, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
  int length = asprintf(&request, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s\r\n%s", method, path, connection->port,
                        fields, content, body ? body : "");
  if (length < 0) abort();
  connection->requests++;
  connection_send(connection, request, length);
  free(request);
}

/* Where a field's value begins; NULL where the head, which ends with a zero byte, has no such field. */
static const char *field(const char *head, const char *name) {
  char *start;
  if (asprintf(&start, "\r\n%s:", name) < 0) abort();
  const char *found = strcasestr(head, start);
  size_t length = strlen(start);
  free(start);
  return found ? found + length : NULL;
}

struct answer http_head(struct connection *connection, int status) {
  const char *end;
  while (!(end = memmem(connection->bytes, connection->length, "\r\n\r\n", 4))) connection_receive(connection);
  size_t length = end + 4 - connection->bytes;
  char *head = strndup(connection->bytes, length);
  struct answer answer = {0};
  if (!head || sscanf(head, "HTTP/1.1 %d ", &answer.status) != 1) errx(1, "no answer of HTTP/1.1");
  if (answer.status != status) errx(1, "the status is not %d: %s", status, head);
  const char *content_length = field(head, "content-length"), *coding = field(head, "transfer-encoding");
  if (content_length) answer.length = strtoul(content_length, NULL, 10);
  answer.is_chunked = coding && strncasecmp(coding + strspn(coding, " "), "chunked\r\n", 9) == 0;
  free(head);
  connection_take(connection, length);
  return answer;
}

size_t http_body(struct connection *connection, int status) {
  struct answer answer = http_head(connection, status);
  if (answer.is_chunked) errx(1, "an answer in chunks where one of a known length was wanted");
  connection_receive_all(connection, answer.length);
  return answer.length;
}

size_t http_chunk(struct connection *connection, size_t *start) {
  const char *end;
  while (!(end = memmem(connection->bytes, connection->length, "\r\n", 2))) connection_receive(connection);
  size_t length = strtoul(connection->bytes, NULL, 16);
  *start = end + 2 - connection->bytes;
  connection_receive_all(connection, *start + length + 2);
  return length;
}
