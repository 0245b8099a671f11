/*
 * What the files of the native client share: the frames that it exchanges with the daemon, and what each file offers.
 * apps/daemon/src/commands/frames.ts says what the frames mean.
 */
#ifndef PILOTTY_H
#define PILOTTY_H

#define _GNU_SOURCE
#include <stddef.h>

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

/* frames.c: bytes that grow, and frames out of them. */

struct text {
  char *bytes;
  size_t length, room;
};

void append(struct text *text, const char *bytes, size_t length);
void append_string(struct text *text, const char *string);
void put_length(char *header, size_t length);
size_t length_in(const char *frame);
/* These answer 0 when the daemon is gone. */
int send_all(int fd, const char *bytes, size_t length);
int send_frame(int fd, char kind, const char *payload, size_t length);
int read_all(int fd, char *bytes, size_t length);

/* reach-daemon.c: where it listens, and whether it takes the command. */

/* What there is to say and to exit with should the daemon go away, not answer, or be stopped; ACCEPTED brings it. */
struct farewell {
  unsigned char exit_code;
  long pid;
  char texts[8192];
  size_t length;
};

/* Sets has_no_daemon where the socket, or the directory that it would be in, is not there. */
int find_socket(char *path, size_t size, int *has_no_daemon);
/* -1 with errno. */
int connect_to(const char *path);
int send_hello(int fd, char **words);
int is_accepted(int fd, int within_ms, struct farewell *farewell);
int is_own_directory(const char *path);
int is_missing(const char *path);

/* start-daemon.c: the daemon for the first command. */

int starts_session(int count, char **words);
/* Whether one is ready now at the socket of this path; program is the daemon's. */
int start_daemon(const char *path, const char *program);

/* startup-snapshot.c */
int find_startup_snapshot(const char *program, char *path, size_t size);

/* connect.c: what another host has ssh run here. */

int asks_to_connect(int count, char **words, int *starts_daemon);
/* 0 where it is for the Node program. */
int make_greeting(struct text *line);
_Noreturn void bridge(int daemon, const struct text *greeting);

/* run-command.c: its streams, its signals and its exit code. */

void remember_signals(void);
void catch_signals(void);
void release_signals(void);
_Noreturn void run_command(int daemon, const struct farewell *farewell);

#endif
