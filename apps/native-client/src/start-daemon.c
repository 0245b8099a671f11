/*
 * Starts the daemon for the first command, so that this costs one start of Node and not two. Only in the plain case;
 * whatever is not, or fails, is left to the Node program, which finds the daemon that was started, or says what is wrong.
 *
 * The daemon gets what packages/client/src/start-daemon.ts gives it: the environment, and nothing else of ours.
 */
#include "pilotty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As there: what a daemon is started with besides a snapshot, and where it says that it is ready. */
static char *const YOUNG_OBJECTS = "--max-semi-space-size=4";
static char *const V8_THREADS = "--v8-pool-size=2";
static const int READY_FD = 3;
static const int READY_WITHIN_MS = 30000;

/* Node reads an argument as UTF-8; what is not ASCII is for the Node program to look at. */
static int is_plain(const char *path) {
  if (path[0] != '/') return 0;
  for (const char *at = path; *at != '\0'; at++)
    if ((unsigned char)*at < ' ' || (unsigned char)*at > '~') return 0;
  return 1;
}

/*
 * `spawn PROGRAM ...`, with a name or without: a line that starts a session for certain. A mistake, a help or an option
 * that reads a file is for the Node program: no daemon is started for nothing.
 */
int starts_session(int count, char **words) {
  if (count < 3 || strcmp(words[1], "spawn") != 0) return 0;
  int at = 2;
  if (strcmp(words[at], "--name") == 0) at += 2;
  if (at < count && strcmp(words[at], "--") == 0) at++;
  return at < count && words[at][0] != '-' && words[at][0] != '\0';
}

/* A daemon that was started when there was another home, or no runtime directory, is found by the Node program. */
static int may_run_elsewhere(void) {
  const char *named = getenv("PILOTTY_SOCKET_DIR");
  const char *home = getenv("HOME");
  if (named != NULL && named[0] != '\0') return 0;
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s/.pilotty/pilotty.sock", home == NULL ? "" : home);
  if (length < 0 || length >= (int)sizeof path || !is_missing(path)) return 1;
  const char *others[] = {"/tmp/pilotty-%ld/pilotty.sock", "/run/user/%ld/pilotty/pilotty.sock", "/tmp/pilotty/pilotty.sock"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    snprintf(path, sizeof path, others[i], (long)getuid());
    if (!is_missing(path)) return 1;
  }
  return 0;
}

/* What a killed daemon has left: there is something to say of its programs, or a socket to put away. */
static int has_leftovers(const char *directory) {
  const char *names[] = {"pilotty.sock", "pilotty.running"};
  char path[PATH_MAX];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    int length = snprintf(path, sizeof path, "%s/%s", directory, names[i]);
    if (length < 0 || length >= (int)sizeof path || !is_missing(path)) return 1;
  }
  return 0;
}

static void close_from(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
  struct rlimit limit;
  long most = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (long)limit.rlim_cur : 65536;
  for (int fd = first; fd < most; fd++) close(fd);
}

/* After fork(2): nothing of ours is left open, and signals are as a program expects them. */
static void become_daemon(char **words, int ready) {
  setsid();
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int nothing = open("/dev/null", O_RDWR);
  if (nothing < 0 || chdir("/") != 0) _exit(126);
  /* The pipe is moved out of the way of the descriptor that it is to become. */
  int pipe = fcntl(ready, F_DUPFD, READY_FD + 1);
  for (int fd = 0; fd <= 2; fd++)
    if (dup2(nothing, fd) < 0) _exit(126);
  if (pipe < 0 || dup2(pipe, READY_FD) < 0) _exit(126);
  close_from(READY_FD + 1);
  execvp("node", words);
  _exit(127);
}

/* Whether it says that it is ready, with nothing to tell of a daemon before it. */
static int read_ready(int pipe, int *has_said_nothing) {
  char line[4096];
  size_t length = 0;
  *has_said_nothing = 0;
  for (;;) {
    struct pollfd readable = {.fd = pipe, .events = POLLIN};
    if (poll(&readable, 1, READY_WITHIN_MS) < 1) return 0;
    ssize_t got = read(pipe, line + length, sizeof line - 1 - length);
    if (got <= 0) *has_said_nothing = got == 0 && length == 0;
    if (got <= 0) return 0;
    length += (size_t)got;
    line[length] = '\0';
    if (strchr(line, '\n') != NULL) break;
    if (length == sizeof line - 1) return 0;
  }
  return strncmp(line, "{\"ready\":true,", 14) == 0;
}

/* Whether a daemon that is started with these words is ready. */
static int run_daemon(char **words, int *has_said_nothing) {
  int pipes[2];
  *has_said_nothing = 0;
  if (pipe(pipes) != 0) return 0;
  pid_t child = fork();
  if (child == 0) become_daemon(words, pipes[1]);
  close(pipes[1]);
  int is_ready = child > 0 && read_ready(pipes[0], has_said_nothing);
  close(pipes[0]);
  return is_ready;
}

/* `path`, in which no daemon listens, is its socket's; `program` the daemon's. Whether one is ready there now. */
int start_daemon(const char *path, const char *program) {
  char directory[PATH_MAX];
  const char *slash = strrchr(path, '/');
  if (slash == NULL || !is_plain(path)) return 0;
  snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path);
  if (mkdir(directory, 0700) != 0 && errno != EEXIST) return 0;
  if (!is_own_directory(directory) || has_leftovers(directory) || may_run_elsewhere()) return 0;
  char snapshot[PATH_MAX], option[PATH_MAX + 32];
  int has_said_nothing;
  if (find_startup_snapshot(program, snapshot, sizeof snapshot) && is_plain(snapshot)) {
    snprintf(option, sizeof option, "--snapshot-blob=%s", snapshot);
    if (run_daemon((char *[]){"node", YOUNG_OBJECTS, V8_THREADS, option, (char *)program, "--socket-dir", directory,
                              "--ready-fd", "3", NULL},
                   &has_said_nothing))
      return 1;
    /* A Node that does not take it ends at once, with nothing done. */
    if (!has_said_nothing) return 0;
    unlink(snapshot);
  }
  return run_daemon((char *[]){"node", YOUNG_OBJECTS, V8_THREADS, (char *)program, "--socket-dir", directory,
                               "--ready-fd", "3", NULL},
                    &has_said_nothing);
}
