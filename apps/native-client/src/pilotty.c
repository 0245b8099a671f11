/*
 * pilotty, without the start of a Node: hands its command line to the daemon that runs, where the same command
 * functions do the work, and is that command's streams, signals and exit code.
 *
 * What is said on the socket stands in apps/daemon/src/commands/frames.ts. Where anything is not as expected (no
 * daemon, another build, no answer in time, a command that needs a process of its own) it becomes the Node program,
 * which knows everything; until GO is sent, nothing has been done.
 *
 * Compiled with PILOTTY_BUILD: the build that this program belongs to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

extern char **environ;

enum {
  ACCEPTED = 'a',
  GO = 'g',
  STDOUT = 'o',
  STDERR = 'e',
  WRITTEN = 'w',
  WANT_STDIN = 'r',
  STDIN = 'i',
  SIGNAL = 's',
  PING = 'q',
  EXIT = 'x',
};

enum { HEADER_BYTES = 5 };

/* A daemon that is there answers in less than a millisecond; one that does not is a matter for the Node program. */
static const int ANSWER_WITHIN_MS = 50;
/* poll(2) promises a pipe room for this much, so that writing it does not block and a signal is noticed. */
static const size_t WRITE_BYTES = PIPE_BUF < 4096 ? PIPE_BUF : 4096;
static const size_t READ_BYTES = 64 * 1024;
/* As packages/client/src/answer-watch.ts: quiet for so long, the daemon is asked whether it is there, and has as long. */
static const int QUIET_MS = 5000;

static char **arguments;
/* What there is to say and to exit with should the daemon go away, not answer, or be stopped; ACCEPTED brings it. */
static struct {
  unsigned char exit_code;
  long pid;
  char texts[8192];
  size_t length;
} farewell = {.exit_code = 1};
static volatile sig_atomic_t pending_signal = 0;
static sigset_t unblocked;

/* --- the Node program ------------------------------------------------------------------------------------------- */

/* <dist>/native/<system>/pilotty is this program, <dist>/pilotty.cjs the other. */
static void node_program(char *path, size_t size) {
  char own[PATH_MAX];
#ifdef __APPLE__
  char raw[PATH_MAX];
  uint32_t length = sizeof raw;
  if (_NSGetExecutablePath(raw, &length) != 0 || realpath(raw, own) == NULL) own[0] = '\0';
#else
  ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
  own[length < 0 ? 0 : length] = '\0';
#endif
  for (int up = 0; up < 3; up++) {
    char *slash = strrchr(own, '/');
    if (slash != NULL) *slash = '\0';
  }
  if (snprintf(path, size, "%s/pilotty.cjs", own) >= (int)size) path[0] = '\0';
}

static void become_node_program(void) {
  char program[PATH_MAX];
  node_program(program, sizeof program);
  size_t count = 0;
  while (arguments[count] != NULL) count++;
  char **words = calloc(count + 2, sizeof *words);
  if (words == NULL) abort();
  words[0] = "node";
  words[1] = program;
  for (size_t i = 1; i < count; i++) words[i + 1] = arguments[i];
  signal(SIGPIPE, SIG_DFL);
  /* One that came meanwhile was noted; it is delivered as if it came now. */
  sigprocmask(SIG_SETMASK, &unblocked, NULL);
  if (pending_signal != 0) raise(pending_signal);
  execvp("node", words);
  fprintf(stderr, "pilotty: cannot run node: %s\n", strerror(errno));
  exit(errno == ENOENT ? 127 : 126);
}

/* --- where the socket is ---------------------------------------------------------------------------------------- */

static int is_own_socket(const char *path) {
  struct stat facts;
  return lstat(path, &facts) == 0 && S_ISSOCK(facts.st_mode) && facts.st_uid == getuid();
}

/* A directory that only its owner writes, as packages/protocol/src/socket-path.ts demands. */
static int is_own_directory(const char *path) {
  struct stat facts;
  return lstat(path, &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == getuid() &&
         (facts.st_mode & 022) == 0;
}

static int is_missing(const char *path) {
  struct stat facts;
  return lstat(path, &facts) != 0 && errno == ENOENT;
}

/* Where the socket would be, in a directory that can be used or could be made, there is none. */
static int has_no_daemon = 0;

static int socket_in(const char *directory, char *path, size_t size) {
  if (is_missing(directory)) has_no_daemon = 1;
  if (!is_own_directory(directory)) return 0;
  int length = snprintf(path, size, "%s/pilotty.sock", directory);
  if (length < 0 || length >= (int)size) return 0;
  if (is_missing(path)) has_no_daemon = 1;
  return is_own_socket(path);
}

/*
 * The path of the daemon's socket; 0 where it is not the plain case: the first directory that can be used has one.
 * The Node program knows what else there is.
 */
static int find_socket(char *path, size_t size) {
  const char *named = getenv("PILOTTY_SOCKET_DIR");
  const char *runtime = getenv("XDG_RUNTIME_DIR");
  const char *home = getenv("HOME");
  char directory[PATH_MAX];
  int length;
  if (named != NULL && named[0] != '\0') {
    /* lstat(2) of what ends in a slash follows a link. */
    return named[strlen(named) - 1] != '/' && socket_in(named, path, size);
  }
  if (home == NULL || home[0] != '/') return 0;
  for (int candidate = 0; candidate < 2; candidate++) {
    const char *base = candidate == 0 ? runtime : home;
    struct stat facts;
    if (base == NULL || base[0] != '/') continue;
    if (stat(base, &facts) != 0 || !S_ISDIR(facts.st_mode) || facts.st_uid != getuid()) continue;
    length = snprintf(directory, sizeof directory, candidate == 0 ? "%s/pilotty" : "%s/.pilotty", base);
    return length > 0 && length < (int)sizeof directory && socket_in(directory, path, size);
  }
  return 0;
}

static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -1;
  memcpy(address.sun_path, path, strlen(path) + 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return -1;
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  /* A full backlog would block; that is a daemon that does not answer. */
  int flags = fcntl(fd, F_GETFL);
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    close(fd);
    return -1;
  }
  fcntl(fd, F_SETFL, flags);
  return fd;
}

/* --- frames ----------------------------------------------------------------------------------------------------- */

/* 0 when the daemon is gone. */
static int send_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = write(fd, bytes, length);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return 0;
    bytes += sent;
    length -= (size_t)sent;
  }
  return 1;
}

static void put_length(char *header, size_t length) {
  for (int i = 0; i < 4; i++) header[1 + i] = (char)(length >> (8 * i) & 0xff);
}

static int send_frame(int fd, char kind, const char *payload, size_t length) {
  char frame[HEADER_BYTES + 16] = {kind};
  put_length(frame, length);
  if (length <= 16) {
    memcpy(frame + HEADER_BYTES, payload, length);
    return send_all(fd, frame, HEADER_BYTES + length);
  }
  return send_all(fd, frame, HEADER_BYTES) && send_all(fd, payload, length);
}

/* --- hello ------------------------------------------------------------------------------------------------------ */

struct text {
  char *bytes;
  size_t length, room;
};

static void append(struct text *text, const char *bytes, size_t length) {
  if (text->length + length > text->room) {
    text->room = (text->length + length) * 2;
    text->bytes = realloc(text->bytes, text->room);
    if (text->bytes == NULL) abort();
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
}

static void append_string(struct text *text, const char *string) {
  append(text, string, strlen(string) + 1);
}

/* What the session's program would inherit from this process; empty where the kernel does not say. */
static void append_limits(struct text *text) {
  char limits[4096];
  int fd = open("/proc/self/limits", O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, limits, sizeof limits);
  if (fd >= 0) close(fd);
  append(text, limits, length < 0 ? 0 : (size_t)length);
  append(text, "", 1);
}

static int send_hello(int fd) {
  char directory[PATH_MAX];
  if (getcwd(directory, sizeof directory) == NULL) return 0;
  mode_t mask = umask(0);
  umask(mask);
  uint32_t words = 0;
  while (arguments[words + 1] != NULL) words++;

  struct text hello = {NULL, 0, 0};
  char header[HEADER_BYTES] = {0};
  append(&hello, header, sizeof header);
  char fixed[8] = {
      (char)(isatty(0) | isatty(1) << 1 | isatty(2) << 2),
      (char)getpriority(PRIO_PROCESS, 0),
      (char)(mask & 0xff),
      (char)(mask >> 8),
  };
  for (int i = 0; i < 4; i++) fixed[4 + i] = (char)(words >> (8 * i) & 0xff);
  append(&hello, fixed, sizeof fixed);
  append_string(&hello, PILOTTY_BUILD);
  append_string(&hello, directory);
  append_limits(&hello);
  for (uint32_t i = 0; i < words; i++) append_string(&hello, arguments[i + 1]);
  for (char **variable = environ; *variable != NULL; variable++) append_string(&hello, *variable);
  put_length(hello.bytes, hello.length - HEADER_BYTES);
  int sent = send_all(fd, hello.bytes, hello.length);
  free(hello.bytes);
  return sent;
}

static int read_all(int fd, char *bytes, size_t length) {
  while (length > 0) {
    ssize_t got = read(fd, bytes, length);
    if (got <= 0) return 0;
    bytes += got;
    length -= (size_t)got;
  }
  return 1;
}

static size_t length_in(const char *frame) {
  const unsigned char *bytes = (const unsigned char *)frame;
  return (size_t)bytes[1] | (size_t)bytes[2] << 8 | (size_t)bytes[3] << 16 | (size_t)bytes[4] << 24;
}

/* 0: none. */
static void set_receive_timeout(int fd, int ms) {
  struct timeval within = {.tv_sec = 0, .tv_usec = ms * 1000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within);
}

/* Whether the daemon takes the command. */
static int is_accepted(int fd) {
  char frame[HEADER_BYTES];
  set_receive_timeout(fd, ANSWER_WITHIN_MS);
  if (!read_all(fd, frame, sizeof frame)) return 0;
  size_t length = length_in(frame);
  unsigned char head[5];
  if (frame[0] != ACCEPTED || length < sizeof head || length > sizeof head + sizeof farewell.texts) return 0;
  if (!read_all(fd, (char *)head, sizeof head)) return 0;
  if (!read_all(fd, farewell.texts, length - sizeof head)) return 0;
  farewell.exit_code = head[0];
  farewell.pid = (long)head[1] | (long)head[2] << 8 | (long)head[3] << 16 | (long)head[4] << 24;
  farewell.length = length - sizeof head;
  set_receive_timeout(fd, 0);
  return 1;
}

/* --- the command ------------------------------------------------------------------------------------------------ */

static void note_signal(int number) { pending_signal = number; }

static void catch_signals(void) {
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

/* As poll(2), and a signal ends it; -1 ms: for as long as it takes. */
static int wait_for(struct pollfd *fds, nfds_t count, int ms) {
  struct timespec within = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
  return ppoll(fds, count, ms < 0 ? NULL : &within, &unblocked);
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
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    if (has_reported_signal) {
      if (poll(&writable, 1, 0) < 1) return 0;
    } else if (wait_for(&writable, 1, -1) < 0) {
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
  const char *text = farewell.texts;
  const char *end = farewell.texts + farewell.length;
  for (int skip = which; skip > 0 && text < end; skip--) text += strnlen(text, (size_t)(end - text)) + 1;
  if (text < end) send_all(2, text, strnlen(text, (size_t)(end - text)));
  exit(farewell.exit_code);
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
    if (header[0] == EXIT) exit(size == 1 ? (unsigned char)payload[0] : farewell.exit_code);
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

static void run(int daemon) {
  struct text received = {NULL, 0, 0};
  int wants_stdin = 0;
  int has_pinged = 0;
  for (;;) {
    struct pollfd fds[2] = {{.fd = daemon, .events = POLLIN}, {.fd = wants_stdin ? 0 : -1, .events = POLLIN}};
    int ready = wait_for(fds, 2, QUIET_MS);
    if (ready < 0) {
      if (errno != EINTR) lost();
      if (!report_signal(daemon)) lost();
      continue;
    }
    if (ready == 0) {
      if (has_pinged) say_farewell(is_stopped(farewell.pid) ? STOPPED : NOT_ANSWERING);
      has_pinged = 1;
      if (!send_frame(daemon, PING, "", 0)) lost();
      continue;
    }
    if (fds[1].revents != 0) {
      wants_stdin = 0;
      if (!read_in(daemon)) lost();
    }
    if (fds[0].revents == 0) continue;
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

/* A socket must not become standard output because that was closed; Node opens the same in its place. */
static void open_missing_streams(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) < 0) exit(1);
}

/* A key that completes a word: without a daemon there are no names, and no Node needs to start to say so. */
static int asks_for_names(int count) {
  if (count != 4 || strcmp(arguments[1], "completion") != 0 || strcmp(arguments[2], "--list") != 0) return 0;
  const char *kinds[] = {"sessions", "running", "tags"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(arguments[3], kinds[i]) == 0) return 1;
  return 0;
}

int main(int count, char **words) {
  arguments = words;
  open_missing_streams();
  sigprocmask(SIG_SETMASK, NULL, &unblocked);
  signal(SIGPIPE, SIG_IGN);
  char path[PATH_MAX];
  if (!find_socket(path, sizeof path)) {
    if (has_no_daemon && asks_for_names(count)) return 0;
    become_node_program();
  }
  catch_signals();
  int daemon = connect_to(path);
  if (daemon < 0) {
    if (errno == ECONNREFUSED && asks_for_names(count)) return 0;
    become_node_program();
  }
  if (!send_hello(daemon) || !is_accepted(daemon)) {
    close(daemon);
    become_node_program();
  }
  if (!send_frame(daemon, GO, "", 0)) lost();
  run(daemon);
}
