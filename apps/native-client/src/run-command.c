/* The command, once the daemon has it: its streams, its signals and its exit code are those of this process. */
#include "pilotty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* select(2) promises a pipe room for this much, so that writing it does not block and a signal is noticed. */
static const size_t WRITE_BYTES = PIPE_BUF < 4096 ? PIPE_BUF : 4096;
static const size_t READ_BYTES = 64 * 1024;
/* As packages/client/src/answer-watch.ts: quiet for so long, the daemon is asked whether it is there, and has as long. */
static const int QUIET_MS = 5000;

static const struct farewell *farewell;
static volatile sig_atomic_t pending_signal = 0;
static sigset_t unblocked;

static void note_signal(int number) { pending_signal = number; }

void remember_signals(void) { sigprocmask(SIG_SETMASK, NULL, &unblocked); }

/* One that came meanwhile was noted; it is delivered as if it came now. */
void release_signals(void) {
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &unblocked, NULL);
  if (pending_signal != 0) raise(pending_signal);
}

void catch_signals(void) {
  sigset_t caught;
  sigemptyset(&caught);
  struct sigaction action = {.sa_handler = note_signal};
  sigemptyset(&action.sa_mask);
  /* Once: a second one does not wait for a polite end. */
  action.sa_flags = (int)SA_RESETHAND;
  const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction before;
    sigaction(numbers[i], NULL, &before);
    /* As under nohup. */
    if (before.sa_handler == SIG_IGN) continue;
    sigaction(numbers[i], &action, NULL);
    sigaddset(&caught, numbers[i]);
  }
  /* They arrive while we wait, and nowhere else. */
  sigprocmask(SIG_BLOCK, &caught, NULL);
}

/*
 * As select(2), and a signal ends it; -1 ms: for as long as it takes. macOS has no ppoll(2), and its poll(2) takes no
 * terminal and no /dev/null; connect_to() sees to it that a set has room for the descriptor.
 */
static int wait_for(int highest, fd_set *readable, fd_set *writable, int ms) {
  struct timespec within = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
  return pselect(highest + 1, readable, writable, NULL, ms < 0 ? NULL : &within, &unblocked);
}

static int has_reported_signal = 0;

/* Tells the daemon of a signal that came; 0 when the daemon is gone. */
static int report_signal(int daemon) {
  if (pending_signal == 0 || has_reported_signal) return 1;
  char number = (char)pending_signal;
  has_reported_signal = 1;
  return send_frame(daemon, SIGNAL, &number, 1);
}

/* A file takes everything at once; so may a pipe or a terminal, but then nothing is noticed meanwhile. */
static size_t bytes_at_once(int fd) {
  struct stat facts;
  return fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) ? SSIZE_MAX : WRITE_BYTES;
}

/* 0, or the errno. After a signal, what cannot be written at once is dropped: nobody waits for it. */
static int write_out(int daemon, int fd, const char *bytes, size_t length) {
  const size_t most = bytes_at_once(fd);
  while (length > 0) {
    fd_set writable;
    FD_ZERO(&writable);
    FD_SET(fd, &writable);
    struct timeval at_once = {0, 0};
    if (has_reported_signal) {
      if (select(fd + 1, NULL, &writable, NULL, &at_once) < 1) return 0;
    } else if (wait_for(fd, NULL, &writable, -1) < 0) {
      if (errno != EINTR) return errno;
      report_signal(daemon);
      continue;
    }
    ssize_t written = write(fd, bytes, length < most ? length : most);
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return errno;
    bytes += written;
    length -= (size_t)written;
  }
  return 0;
}

static int read_in(int daemon) {
  static char chunk[64 * 1024];
  ssize_t length = read(0, chunk, READ_BYTES);
  if (length < 0 && (errno == EINTR || errno == EAGAIN)) return 1;
  return send_frame(daemon, STDIN, chunk, length < 0 ? 0 : (size_t)length);
}

enum farewell_text { ENDED, NOT_ANSWERING, STOPPED };

static void say_farewell(enum farewell_text which) {
  const char *text = farewell->texts;
  const char *end = farewell->texts + farewell->length;
  for (int skip = which; skip > 0 && text < end; skip--) text += strnlen(text, (size_t)(end - text)) + 1;
  if (text < end) send_all(2, text, strnlen(text, (size_t)(end - text)));
  exit(farewell->exit_code);
}

static void lost(void) { say_farewell(ENDED); }

/* proc(5): the state stands after the name, which is in parentheses and may hold anything. */
static int is_stopped(long pid) {
  char path[64], facts[1024];
  snprintf(path, sizeof path, "/proc/%ld/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, facts, sizeof facts - 1);
  if (fd >= 0) close(fd);
  if (length <= 0) return 0;
  facts[length] = '\0';
  const char *name_end = strrchr(facts, ')');
  return name_end != NULL && (name_end[2] == 'T' || name_end[2] == 't');
}

/* Takes the frames that are whole from the front. */
static size_t take_frames(int daemon, char *bytes, size_t length, int *wants_stdin) {
  size_t at = 0;
  while (length - at >= HEADER_BYTES) {
    const char *header = bytes + at;
    size_t size = length_in(header);
    if (length - at - HEADER_BYTES < size) break;
    const char *payload = bytes + at + HEADER_BYTES;
    if (header[0] == EXIT) exit(size == 1 ? (unsigned char)payload[0] : farewell->exit_code);
    if (header[0] == WANT_STDIN) *wants_stdin = 1;
    if (header[0] == STDOUT || header[0] == STDERR) {
      int fd = header[0] == STDOUT ? 1 : 2;
      char report[2] = {(char)fd, (char)write_out(daemon, fd, payload, size)};
      if (!send_frame(daemon, WRITTEN, report, sizeof report)) lost();
    }
    at += HEADER_BYTES + size;
  }
  return at;
}

_Noreturn void run_command(int daemon, const struct farewell *expected) {
  farewell = expected;
  if (!send_frame(daemon, GO, "", 0)) lost();
  struct text received = {NULL, 0, 0};
  int wants_stdin = 0;
  int has_pinged = 0;
  for (;;) {
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(daemon, &readable);
    if (wants_stdin) FD_SET(0, &readable);
    int ready = wait_for(daemon, &readable, NULL, QUIET_MS);
    if (ready < 0) {
      if (errno != EINTR) lost();
      if (!report_signal(daemon)) lost();
      continue;
    }
    if (ready == 0) {
      if (has_pinged) say_farewell(is_stopped(farewell->pid) ? STOPPED : NOT_ANSWERING);
      has_pinged = 1;
      if (!send_frame(daemon, PING, "", 0)) lost();
      continue;
    }
    if (FD_ISSET(0, &readable)) {
      wants_stdin = 0;
      if (!read_in(daemon)) lost();
    }
    if (!FD_ISSET(daemon, &readable)) continue;
    has_pinged = 0;
    char bytes[64 * 1024];
    ssize_t length = read(daemon, bytes, sizeof bytes);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) lost();
    append(&received, bytes, (size_t)length);
    size_t taken = take_frames(daemon, received.bytes, received.length, &wants_stdin);
    memmove(received.bytes, received.bytes + taken, received.length - taken);
    received.length -= taken;
  }
}
