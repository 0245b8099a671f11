/*
 * pilotty, without the start of a Node: hands its command line to the daemon that runs, where the same command
 * functions do the work, and is that command's streams, signals and exit code. So it is for one about another host.
 *
 * What is said on the socket stands in apps/daemon/src/commands/frames.ts. The first session starts the daemon. Where
 * anything else is not as expected (no daemon, another build, no answer in time, a command that needs a process of its own) it becomes the Node program,
 * which knows everything; until GO is sent, nothing has been done.
 */
#include "pilotty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

/*
 * A daemon that is there answers in less than a millisecond, on a busy machine later; to start a Node then would make
 * that worse. What one that does not answer at all means is for the Node program to say.
 */
static const int ANSWERS_WITHIN_MS = 500;
/* It is ready as soon as there is its socket, and answers once the rest of it is loaded. */
static const int STARTED_ANSWERS_WITHIN_MS = 5000;

/* <dist>/native/<system>/pilotty is this program; the others are in <dist>. */
static void program_beside(const char *name, char *path, size_t size) {
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
  if (snprintf(path, size, "%s/%s", own, name) >= (int)size) path[0] = '\0';
}

static _Noreturn void become_node_program(char **arguments) {
  char program[PATH_MAX];
  program_beside("pilotty.cjs", program, sizeof program);
  size_t count = 0;
  while (arguments[count] != NULL) count++;
  char **words = calloc(count + 2, sizeof *words);
  if (words == NULL) abort();
  words[0] = "node";
  words[1] = program;
  for (size_t i = 1; i < count; i++) words[i + 1] = arguments[i];
  release_signals();
  execvp("node", words);
  fprintf(stderr, "pilotty: cannot run node: %s\n", strerror(errno));
  exit(errno == ENOENT ? 127 : 126);
}

/* A socket must not become standard output because that was closed; Node opens the same in its place. */
static void open_missing_streams(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) < 0) exit(1);
}

/* A key that completes a word: without a daemon there are no names, and no Node needs to start to say so. */
static int asks_for_names(int count, char **arguments) {
  if (count != 4 || strcmp(arguments[1], "completion") != 0 || strcmp(arguments[2], "--list") != 0) return 0;
  const char *kinds[] = {"sessions", "running", "tags"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(arguments[3], kinds[i]) == 0) return 1;
  return 0;
}

/*
 * Another host: a daemon that is there takes it where it has a way to that; else the Node program has ssh and NATS. The option
 * may stand anywhere, so a word that looks like it is enough; no daemon is started here for what is about another.
 */
static int may_be_elsewhere(char **words) {
  const char *host = getenv("PILOTTY_HOST"), *fleet = getenv("PILOTTY_FLEET");
  if ((host != NULL && host[0] != '\0') || (fleet != NULL && fleet[0] != '\0')) return 1;
  for (; *words != NULL; words++)
    if (strncmp(*words, "-H", 2) == 0 || strncmp(*words, "--host", 6) == 0 || strncmp(*words, "--fleet", 7) == 0) return 1;
  return 0;
}

/* The daemon's connection on our streams; where it is not the plain case, by the Node program. */
static _Noreturn void connect_if_plain(char **words, int starts_daemon) {
  char path[PATH_MAX], daemon_program[PATH_MAX];
  int has_no_daemon;
  struct text greeting = {NULL, 0, 0};
  if (!make_greeting(&greeting)) become_node_program(words);
  if (!find_socket(path, sizeof path, &has_no_daemon)) {
    program_beside("pilotty-daemon.cjs", daemon_program, sizeof daemon_program);
    if (!has_no_daemon || !starts_daemon || !start_daemon(path, daemon_program)) become_node_program(words);
  }
  int daemon = connect_to(path);
  if (daemon < 0) become_node_program(words);
  bridge(daemon, &greeting);
}

int main(int count, char **words) {
  static struct farewell farewell = {.exit_code = 1};
  open_missing_streams();
  remember_signals();
  int starts_daemon;
  if (asks_to_connect(count, words, &starts_daemon)) {
    signal(SIGPIPE, SIG_IGN);
    connect_if_plain(words, starts_daemon);
  }
  int is_elsewhere = may_be_elsewhere(words + 1);
  signal(SIGPIPE, SIG_IGN);
  char path[PATH_MAX], daemon_program[PATH_MAX];
  int within_ms = ANSWERS_WITHIN_MS;
  int has_no_daemon;
  if (!find_socket(path, sizeof path, &has_no_daemon)) {
    if (is_elsewhere) become_node_program(words);
    if (has_no_daemon && asks_for_names(count, words)) return 0;
    program_beside("pilotty-daemon.cjs", daemon_program, sizeof daemon_program);
    if (!has_no_daemon || !starts_session(count, words) || !start_daemon(path, daemon_program))
      become_node_program(words);
    within_ms = STARTED_ANSWERS_WITHIN_MS;
  }
  catch_signals();
  int daemon = connect_to(path);
  if (daemon < 0) {
    if (!is_elsewhere && errno == ECONNREFUSED && asks_for_names(count, words)) return 0;
    become_node_program(words);
  }
  if (!send_hello(daemon, words + 1) || !is_accepted(daemon, within_ms, &farewell)) {
    close(daemon);
    become_node_program(words);
  }
  run_command(daemon, &farewell);
}
