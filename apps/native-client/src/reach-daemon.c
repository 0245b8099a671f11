/*
 * Where the daemon listens, and whether it takes the command. Until GO is sent it has done nothing, so whatever is not
 * the plain case ends here: the Node program does the command then.
 *
 * Compiled with PILOTTY_BUILD: the build that this program belongs to.
 */
#include "pilotty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;

static int is_own_socket(const char *path) {
  struct stat facts;
  return lstat(path, &facts) == 0 && S_ISSOCK(facts.st_mode) && facts.st_uid == getuid();
}

/* A directory that only its owner writes, as packages/protocol/src/socket-path.ts demands. */
int is_own_directory(const char *path) {
  struct stat facts;
  return lstat(path, &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == getuid() &&
         (facts.st_mode & 022) == 0;
}

int is_missing(const char *path) {
  struct stat facts;
  return lstat(path, &facts) != 0 && errno == ENOENT;
}

static int socket_in(const char *directory, char *path, size_t size, int *has_no_daemon) {
  int length = snprintf(path, size, "%s/pilotty.sock", directory);
  if (length < 0 || length >= (int)size) {
    path[0] = '\0';
    return 0;
  }
  if (is_missing(directory)) *has_no_daemon = 1;
  if (!is_own_directory(directory)) return 0;
  if (is_missing(path)) *has_no_daemon = 1;
  return is_own_socket(path);
}

/*
 * The path of the daemon's socket, or of where it would be; 0 where it is not the plain case: the first directory that can be used has one.
 * The Node program knows what else there is.
 */
int find_socket(char *path, size_t size, int *has_no_daemon) {
  *has_no_daemon = 0;
  path[0] = '\0';
  const char *named = getenv("PILOTTY_SOCKET_DIR");
  const char *runtime = getenv("XDG_RUNTIME_DIR");
  const char *home = getenv("HOME");
  char directory[PATH_MAX];
  int length;
  if (named != NULL && named[0] != '\0') {
    /* lstat(2) of what ends in a slash follows a link. */
    return named[strlen(named) - 1] != '/' && socket_in(named, path, size, has_no_daemon);
  }
  if (home == NULL || home[0] != '/') return 0;
  for (int candidate = 0; candidate < 2; candidate++) {
    const char *base = candidate == 0 ? runtime : home;
    struct stat facts;
    if (base == NULL || base[0] != '/') continue;
    if (stat(base, &facts) != 0 || !S_ISDIR(facts.st_mode) || facts.st_uid != getuid()) continue;
    length = snprintf(directory, sizeof directory, candidate == 0 ? "%s/pilotty" : "%s/.pilotty", base);
    return length > 0 && length < (int)sizeof directory && socket_in(directory, path, size, has_no_daemon);
  }
  return 0;
}

int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -1;
  memcpy(address.sun_path, path, strlen(path) + 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return -1;
  /* More than a thousand descriptors that are left open for us: select(2) has no room for another. */
  if (fd >= FD_SETSIZE) {
    close(fd);
    errno = EMFILE;
    return -1;
  }
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

/* What the session's program would inherit from this process; empty where the kernel does not say. */
static void append_limits(struct text *text) {
  char limits[4096];
  int fd = open("/proc/self/limits", O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, limits, sizeof limits);
  if (fd >= 0) close(fd);
  append(text, limits, length < 0 ? 0 : (size_t)length);
  append(text, "", 1);
}

int send_hello(int fd, char **words) {
  char directory[PATH_MAX];
  if (getcwd(directory, sizeof directory) == NULL) return 0;
  mode_t mask = umask(0);
  umask(mask);
  uint32_t count = 0;
  while (words[count] != NULL) count++;

  struct text hello = {NULL, 0, 0};
  char header[HEADER_BYTES] = {0};
  append(&hello, header, sizeof header);
  char fixed[12] = {
      (char)(isatty(0) | isatty(1) << 1 | isatty(2) << 2),
      (char)getpriority(PRIO_PROCESS, 0),
      (char)(mask & 0xff),
      (char)(mask >> 8),
  };
  uint32_t parent = (uint32_t)getppid();
  for (int i = 0; i < 4; i++) {
    fixed[4 + i] = (char)(count >> (8 * i) & 0xff);
    fixed[8 + i] = (char)(parent >> (8 * i) & 0xff);
  }
  append(&hello, fixed, sizeof fixed);
  append_string(&hello, PILOTTY_BUILD);
  append_string(&hello, directory);
  append_limits(&hello);
  for (uint32_t i = 0; i < count; i++) append_string(&hello, words[i]);
  for (char **variable = environ; *variable != NULL; variable++) append_string(&hello, *variable);
  put_length(hello.bytes, hello.length - HEADER_BYTES);
  int sent = send_all(fd, hello.bytes, hello.length);
  free(hello.bytes);
  return sent;
}

/* 0: none. */
static void set_receive_timeout(int fd, int ms) {
  struct timeval within = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within);
}

/* Whether the daemon takes the command. */
int is_accepted(int fd, int within_ms, struct farewell *farewell) {
  char frame[HEADER_BYTES];
  set_receive_timeout(fd, within_ms);
  if (!read_all(fd, frame, sizeof frame)) return 0;
  size_t length = length_in(frame);
  unsigned char head[5];
  if (frame[0] != ACCEPTED || length < sizeof head || length > sizeof head + sizeof farewell->texts) return 0;
  if (!read_all(fd, (char *)head, sizeof head)) return 0;
  if (!read_all(fd, farewell->texts, length - sizeof head)) return 0;
  farewell->exit_code = head[0];
  farewell->pid = (long)head[1] | (long)head[2] << 8 | (long)head[3] << 16 | (long)head[4] << 24;
  farewell->length = length - sizeof head;
  set_receive_timeout(fd, 0);
  return 1;
}
