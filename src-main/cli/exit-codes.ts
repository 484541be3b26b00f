/** What the exit status says; printed by `heirloom --help`. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  someUnreadable: 3,
  libraryUnusable: 4,
  interrupted: 130,
} as const

export const EXIT_HELP = `Exit status:
  0    done
  1    failed: the message says why
  2    the command was not understood
  3    done, but some files could not be read; each is listed with its reason
  4    the library cannot be used
  130  interrupted: what was finished is kept, the same command goes on from there`
