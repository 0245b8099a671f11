/*
 * `pilotty connect`, which -H of another host has ssh run here: our stdin and stdout are a connection to the daemon, behind
 * the greeting (packages/client/src/ssh/greeting.ts). Nothing has been said before a connection is there, so whatever is not
 * the plain case is for the Node program: no daemon that can be started here, or an environment that is not ASCII.
 *
 * Each side is read when the other has taken what came before: no one's output is kept for a reader that is slow.
 */
#include "pilotty.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

/* One direction: what was read and not written yet. */
struct flow {
  int from, to;
  char bytes[64 * 1024];
  size_t length, written;
  int has_ended;
  /* The daemon takes no more; what it says of that is still to be handed on. */
  int is_deaf;
};

/* select(2) promises room for this much. */
enum { WRITE_BYTES = 4096 };

int asks_to_connect(int count, char **words, int *starts_daemon) {
  *starts_daemon = count == 2;
  if (count < 2 || count > 3 || strcmp(words[1], "connect") != 0) return 0;
  if (count == 3 && strcmp(words[2], "--no-start") != 0) return 0;
  return !isatty(0) && getenv("HOME") != NULL && getenv("HOME")[0] == '/';
}

static void append_raw(struct text *text, const char *raw) { append(text, raw, strlen(raw)); }

/* 0 for what is not ASCII: as UTF-8 it would have to be valid. */
static int append_json(struct text *text, const char *string, size_t length) {
  append_raw(text, "\"");
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = (unsigned char)string[i];
    char escaped[8];
    if (byte >= 0x80) return 0;
    if (byte == '"' || byte == '\\')
      snprintf(escaped, sizeof escaped, "\\%c", byte);
    else if (byte < 0x20 || byte == 0x7f)
      snprintf(escaped, sizeof escaped, "\\u%04x", byte);
    else
      snprintf(escaped, sizeof escaped, "%c", byte);
    append_raw(text, escaped);
  }
  append_raw(text, "\"");
  return 1;
}

static int append_environment(struct text *text) {
  int count = 0;
  for (char **variable = environ; *variable != NULL; variable++) {
    const char *equals = strchr(*variable, '=');
    if (equals == NULL || equals == *variable) continue;
    append_raw(text, count++ == 0 ? "{" : ",");
    if (!append_json(text, *variable, (size_t)(equals - *variable))) return 0;
    append_raw(text, ":");
    if (!append_json(text, equals + 1, strlen(equals + 1))) return 0;
  }
  append_raw(text, count == 0 ? "{}" : "}");
  return 1;
}

static int append_limits(struct text *text) {
  char limits[4096];
  int fd = open("/proc/self/limits", O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, limits, sizeof limits);
  if (fd >= 0) close(fd);
  return append_json(text, limits, length < 0 ? 0 : (size_t)length);
}

/* The line that we begin with; 0 where it is for the Node program. */
int make_greeting(struct text *line) {
  const char *version = PILOTTY_BUILD;
  char facts[128];
  mode_t mask = umask(0);
  umask(mask);
  append_raw(line, "\npilotty-connect {\"version\":");
  append_json(line, version, strcspn(version, " "));
  snprintf(facts, sizeof facts, ",\"protocol\":%d,\"surroundings\":{\"umask\":%d,\"nice\":%d,\"home\":",
           PILOTTY_PROTOCOL, (int)mask, getpriority(PRIO_PROCESS, 0));
  append_raw(line, facts);
  if (!append_json(line, getenv("HOME"), strlen(getenv("HOME")))) return 0;
  append_raw(line, ",\"limits_text\":");
  if (!append_limits(line)) return 0;
  append_raw(line, ",\"env\":");
  if (!append_environment(line)) return 0;
  append_raw(line, "}}\n");
  return 1;
}

/* 0 when this direction is over: nothing comes any more, and all that came is written. */
static int move(struct flow *flow, const fd_set *readable, const fd_set *writable) {
  if (flow->is_deaf) return 1;
  if (flow->written < flow->length && FD_ISSET(flow->to, writable)) {
    size_t left = flow->length - flow->written;
    ssize_t got = write(flow->to, flow->bytes + flow->written, left < WRITE_BYTES ? left : WRITE_BYTES);
    if (got > 0) flow->written += (size_t)got;
    if (got < 0 && errno != EINTR && errno != EAGAIN) {
      if (flow->to == 1) return 0;
      flow->is_deaf = 1;
    }
  } else if (flow->written == flow->length && !flow->has_ended && FD_ISSET(flow->from, readable)) {
    ssize_t got = read(flow->from, flow->bytes, sizeof flow->bytes);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) flow->has_ended = 1;
    flow->length = got < 0 ? 0 : (size_t)got;
    flow->written = 0;
  }
  return !flow->has_ended || flow->written < flow->length;
}

static void watch(const struct flow *flow, fd_set *readable, fd_set *writable) {
  if (flow->is_deaf) return;
  if (flow->written < flow->length)
    FD_SET(flow->to, writable);
  else if (!flow->has_ended)
    FD_SET(flow->from, readable);
}

/* Until either side ends. What it had sent by then reaches the other. */
_Noreturn void bridge(int daemon, const struct text *greeting) {
  static struct flow to_daemon, from_daemon;
  to_daemon = (struct flow){.from = 0, .to = daemon};
  from_daemon = (struct flow){.from = daemon, .to = 1};
  if (!send_all(1, greeting->bytes, greeting->length)) exit(1);
  for (;;) {
    fd_set readable, writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    watch(&to_daemon, &readable, &writable);
    watch(&from_daemon, &readable, &writable);
    if (select(daemon + 1, &readable, &writable, NULL, NULL) < 0) {
      if (errno == EINTR) continue;
      exit(1);
    }
    if (!move(&to_daemon, &readable, &writable) || !move(&from_daemon, &readable, &writable)) exit(0);
  }
}
