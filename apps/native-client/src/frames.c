/* Frames: a byte that says what it is, the length of what follows in four bytes, the lowest first, and that. */
#include "pilotty.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void append(struct text *text, const char *bytes, size_t length) {
  if (text->length + length > text->room) {
    text->room = (text->length + length) * 2;
    text->bytes = realloc(text->bytes, text->room);
    if (text->bytes == NULL) abort();
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
}

void append_string(struct text *text, const char *string) {
  append(text, string, strlen(string) + 1);
}

int send_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = write(fd, bytes, length);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return 0;
    bytes += sent;
    length -= (size_t)sent;
  }
  return 1;
}

void put_length(char *header, size_t length) {
  for (int i = 0; i < 4; i++) header[1 + i] = (char)(length >> (8 * i) & 0xff);
}

int send_frame(int fd, char kind, const char *payload, size_t length) {
  char frame[HEADER_BYTES + 16] = {kind};
  put_length(frame, length);
  if (length <= 16) {
    memcpy(frame + HEADER_BYTES, payload, length);
    return send_all(fd, frame, HEADER_BYTES + length);
  }
  return send_all(fd, frame, HEADER_BYTES) && send_all(fd, payload, length);
}

int read_all(int fd, char *bytes, size_t length) {
  while (length > 0) {
    ssize_t got = read(fd, bytes, length);
    if (got <= 0) return 0;
    bytes += got;
    length -= (size_t)got;
  }
  return 1;
}

size_t length_in(const char *frame) {
  const unsigned char *bytes = (const unsigned char *)frame;
  return (size_t)bytes[1] | (size_t)bytes[2] << 8 | (size_t)bytes[3] << 16 | (size_t)bytes[4] << 24;
}
