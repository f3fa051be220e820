/*
 * Sealing a shard with many gateways, a journal that all of them follow, and a partition that all of them
 * append to. README.md beside this file says what is modelled, and how it is run.
 *
 * Everything waits for as long as it likes at every step, so a paused gateway, a slow network and a crash are
 * the same: a process that does not go on. Time is ticks; between two ticks any number of steps happen.
 */

#ifndef GATEWAYS
#define GATEWAYS 2
#endif
#ifndef SEALERS
#define SEALERS 2
#endif
#ifndef APPENDS
#define APPENDS 1          /* of each gateway */
#endif
#ifndef MARKS
#define MARKS 2            /* of each sealer: it appends another when it does not hear of the first */
#endif

#ifndef LEASE
#define LEASE 1            /* ticks of a gateway's clock */
#endif
#ifdef BUG_NO_DRIFT
#define PATIENCE LEASE
#else
#define PATIENCE (LEASE + 1) /* ticks of the clock of who waits: the slowest clock makes LEASE of them */
#endif

/* ------------------------------------------------------------------ the journal: what has been committed */

#define OPEN 0
#define CLOSING 1
#define SEALED 2

byte phase;                 /* of the one shard */
byte seal;
bool member[GATEWAYS];
bool drained[GATEWAYS];     /* has said so since CLOSING */

/* --------------------------------------------------------------------------------- the partition's log */

byte next;                  /* the next offset */
byte firstMark;             /* where the first mark is, 255 for none */

/* ---------------------------------------------------------------------------------------- a gateway */

byte view[GATEWAYS];        /* the phase that it has applied */
byte lease[GATEWAYS];       /* ticks of its clock that are left */
byte frozen[GATEWAYS];      /* of the lease by heartbeats that were committed before CLOSING */
bool gaveUp[GATEWAYS];      /* has said, or is about to say, that it has drained */
bool stopped[GATEWAYS];
byte rested[GATEWAYS];      /* ticks since its clock was slow */

#define NONE 0
#define SENT 1
#define LANDED 2

byte beat[GATEWAYS];        /* the heartbeat that is under way */
byte age[GATEWAYS];         /* ticks of the gateway's clock since it was sent */
byte beatPhase[GATEWAYS];   /* what was committed before it */
bool saysDrained[GATEWAYS];
bool joins[GATEWAYS];
bool lateDrained[GATEWAYS]; /* a heartbeat was given up that said so; it may still turn up */
bool leaving[GATEWAYS];

/* the observer: stands for every member that counts for how long another has not been heard of */
byte silence[GATEWAYS];     /* ticks that are left of its patience */
bool news[GATEWAYS];        /* a heartbeat that it has not applied */
bool removing[GATEWAYS];    /* a removal that is under way, decided on the latest heartbeat */

#define IDLE 0
#define APPENDING 1
#define ANSWERED 2          /* a broker has it; the answer is under way or there */
#define ACKNOWLEDGED 3
#define REFUSED 4           /* not acknowledged, and never will be */
#define RECORDS (GATEWAYS * APPENDS)

byte record[RECORDS + 1];
byte offset[RECORDS + 1];
bool inLog[RECORDS + 1];
#ifdef BUG_CHECK_EARLY
bool early[RECORDS];
#endif

/* ------------------------------------------------------------------------------------------- sealers */

byte patience[SEALERS + 1];     /* ticks that are left */
bool closePending[SEALERS + 1];
bool sealPending[SEALERS + 1];
byte proposed[SEALERS + 1];
byte mark[SEALERS + 1];         /* NONE, SENT, LANDED */
byte markAt[SEALERS + 1];

byte holder;                /* of the duty, as committed */
bool believes[GATEWAYS];    /* as far as this gateway has applied */
bool lost[GATEWAYS];        /* another one was committed before a heartbeat of this one */
bool claiming[GATEWAYS];

/* ---------------------------------------------------------------------------------------- the rule */

/*
 * THE RULE: a gateway may acknowledge a record that a broker has answered
 *   where it knows the seal: if the record is before it; if it is not, no reader will ever be given it;
 *   where the shard is open as far as it knows: while its lease lasts;
 *   where the shard is closing: while the lease lasts that it has by heartbeats that were committed before
 *   CLOSING, and as long as it has not said that it has drained.
 * Else it does not know, and waits, or gives up.
 */
#define BY_LEASE(g) (view[g] == OPEN && lease[g] > 0)
#ifdef BUG_NOT_FROZEN
#define BY_FROZEN_LEASE(g) (view[g] == CLOSING && lease[g] > 0 && !gaveUp[g])
#else
#define BY_FROZEN_LEASE(g) (view[g] == CLOSING && frozen[g] > 0 && !gaveUp[g])
#endif
#define BY_SEAL(g, r) (view[g] == SEALED && offset[r] < seal)
#define BEHIND_SEAL(g, r) (view[g] == SEALED && offset[r] >= seal)
#ifdef BUG_CHECK_EARLY
#define ASK_EARLY(g, r) early[r] = (lease[g] > 0)
#define MAY_ACKNOWLEDGE(g, r) (early[r] || BY_SEAL(g, r) || BY_FROZEN_LEASE(g))
#else
#define ASK_EARLY(g, r) skip
#define MAY_ACKNOWLEDGE(g, r) (BY_SEAL(g, r) || BY_LEASE(g) || BY_FROZEN_LEASE(g))
#endif

inline acknowledge(r) {
  record[r] = ACKNOWLEDGED;
  assert(inLog[r]);                                  /* it can be read */
  assert(phase == SEALED || offset[r] < firstMark);  /* whichever mark becomes the seal, it is before it */
  assert(phase != SEALED || offset[r] < seal)
}

#define IS_UNDER_WAY(r) (record[r] == APPENDING || record[r] == ANSWERED)

/* A gateway appends while the shard is open, as far as it knows, and judges what comes back. */
proctype Writer(byte g; byte r) {
  atomic { view[g] == OPEN && !stopped[g] ->
    record[r] = APPENDING; ASK_EARLY(g, r) };
  do
  :: atomic { record[r] == ANSWERED && !stopped[g] && MAY_ACKNOWLEDGE(g, r) -> acknowledge(r) }; break
  :: atomic { record[r] == ANSWERED && !stopped[g] && BEHIND_SEAL(g, r) -> record[r] = REFUSED }; break
  :: atomic { IS_UNDER_WAY(r) -> record[r] = REFUSED }; break /* it was not waited for any longer */
  od
}

/* The partition: a leader that is one appends; a deposed one never has enough replicas in sync. */
proctype Partition(byte r) {
end:
  do
  :: atomic { record[r] == APPENDING -> record[r] = ANSWERED; offset[r] = next; inLog[r] = true; next++ }
#ifdef BUG_ONE_REPLICA
  :: atomic { record[r] == APPENDING -> /* a deposed leader answers */
       record[r] = ANSWERED; offset[r] = next }
#endif
  od
}

/* Marks: the broker has it, and the sealer may never hear of that. */
proctype Marks(byte s) {
end:
  do
  :: atomic { mark[s] == SENT ->
       mark[s] = LANDED; markAt[s] = next;
       if :: firstMark == 255 -> firstMark = next :: else fi;
       next++ }
  od
}

/* ------------------------------------------------------- a gateway's heartbeats, and what it applies */

#ifdef BUG_DRAINS_AND_ACKNOWLEDGES
#define GIVES_UP false
#else
#define GIVES_UP true
#endif

inline forget(g) {
  beat[g] = NONE; age[g] = 0; beatPhase[g] = 0; saysDrained[g] = false; joins[g] = false
}

/* It says that it has drained once it has given up what is under way, however long it waits before that. */
inline decideDrained(g) {
  saysDrained[g] = gaveUp[g];
  if
  :: view[g] == CLOSING && !gaveUp[g] -> gaveUp[g] = GIVES_UP; saysDrained[g] = true
  :: saysDrained[g] = gaveUp[g]
  fi
}

#ifdef BUG_RENEW_EARLY
#define HAS_APPLIED(g, what) true
#else
#define HAS_APPLIED(g, what) (view[g] >= what)
#endif

proctype Beats(byte g) {
end:
  do
  :: atomic { beat[g] == NONE && !stopped[g] && view[g] != SEALED ->
       beat[g] = SENT; age[g] = 0;
       if :: !member[g] -> joins[g] = true :: joins[g] = false fi;
       decideDrained(g) }
  :: atomic { beat[g] == LANDED && !stopped[g] && HAS_APPLIED(g, beatPhase[g]) ->
#ifdef BUG_FROM_ANSWER
       lease[g] = LEASE;
#else
       if :: LEASE > age[g] && LEASE - age[g] > lease[g] -> lease[g] = LEASE - age[g] :: else fi;
       if /* it was committed before CLOSING, and is heard of after it */
       :: beatPhase[g] == OPEN && view[g] == CLOSING && lease[g] > frozen[g] && LEASE - age[g] == lease[g] ->
          frozen[g] = lease[g]
       :: else
       fi;
#endif
       if :: lost[g] -> believes[g] = false; lost[g] = false :: else fi; /* committed before the heartbeat */
       forget(g) }
  :: atomic { beat[g] != NONE -> /* its outcome is unknown to the gateway, which sends another */
       if :: beat[g] == SENT && saysDrained[g] -> lateDrained[g] = true :: else fi;
       forget(g) }
  od
}

proctype Applies(byte g) {
end:
  do
  :: atomic { view[g] == OPEN && phase >= CLOSING -> view[g] = CLOSING; frozen[g] = lease[g] }
  :: atomic { view[g] == CLOSING && phase == SEALED -> /* from now on it knows, and needs no lease */
       view[g] = SEALED; frozen[g] = 0; gaveUp[g] = false; lease[g] = 0; forget(g) }
  od
}

#ifdef LEAVES
/* Leaves in good order: acknowledges nothing any more, then says so. */
proctype Leaves(byte g) {
#ifdef BUG_LEAVES_FIRST
  atomic { !stopped[g] -> leaving[g] = true };
  atomic { leaving[g] -> stopped[g] = true; lease[g] = 0; frozen[g] = 0 }
#else
  atomic { !stopped[g] -> stopped[g] = true; lease[g] = 0; frozen[g] = 0; leaving[g] = true }
#endif
}
#endif

/* ----------------------------------------------------- the journal's broker: commits land, in some order */

#ifdef REMOVALS
#define heard(g) news[g] = true; lost[g] = (holder != g); \
  removing[g] = false /* it was decided on the heartbeat before */
#else
#define heard(g) skip
#endif

proctype JournalBeats(byte g) {
end:
  do
  :: atomic { beat[g] == SENT && member[g] ->
       beat[g] = LANDED; beatPhase[g] = phase; heard(g);
       if :: saysDrained[g] -> drained[g] = true :: else fi }
  :: atomic { beat[g] == SENT && !member[g] ->
       if
       :: joins[g] && view[g] == phase -> /* decided on all that was committed before it */
          beat[g] = LANDED; beatPhase[g] = phase; heard(g); member[g] = true;
          drained[g] = (phase >= CLOSING)
       :: else -> forget(g)
       fi }
  :: atomic { lateDrained[g] -> drained[g] = true; lateDrained[g] = false }
#ifdef LEAVES
  :: atomic { leaving[g] && member[g] -> member[g] = false; news[g] = false; removing[g] = false }
#endif
#ifdef DUTY
  :: atomic { claiming[g] ->
       claiming[g] = false;
       if
       :: !member[holder] && member[g] && holder != g -> holder = g; believes[g] = true
       :: else
       fi }
#endif
  od
}

#ifdef REMOVALS
proctype Observer(byte g) {
end:
  do
  :: atomic { news[g] -> news[g] = false; silence[g] = PATIENCE }
  :: atomic { member[g] && silence[g] == 0 && !news[g] && !removing[g] -> removing[g] = true }
  :: atomic { removing[g] -> removing[g] = false; member[g] = false; silence[g] = PATIENCE }
#ifdef DUTY
  :: atomic { !member[holder] && !claiming[g] && holder != g && member[g] -> claiming[g] = true }
#endif
  od
}
#endif

/* No acknowledged record is at or behind the seal. */
inline sealIsRight() {
  byte k;
  k = 0;
  do
  :: k < RECORDS ->
     assert(record[k] != ACKNOWLEDGED || offset[k] < seal);
     k++
  :: else -> break
  od;
  k = 0
}

proctype JournalSeals(byte s) {
end:
  do
  :: atomic { closePending[s] ->
       closePending[s] = false;
       if :: phase == OPEN -> phase = CLOSING :: else fi }
  :: atomic { sealPending[s] ->
       sealPending[s] = false;
       if
       :: phase == CLOSING -> phase = SEALED; seal = proposed[s]; sealIsRight()
#ifdef BUG_LAST_SEAL
       :: phase == SEALED -> seal = proposed[s]; sealIsRight()
#endif
       :: else
       fi }
  od
}

#define HAS_DRAINED(g) (drained[g] || !member[g])
#if GATEWAYS == 1
#define ALL_HAVE_DRAINED HAS_DRAINED(0)
#elif GATEWAYS == 2
#define ALL_HAVE_DRAINED (HAS_DRAINED(0) && HAS_DRAINED(1))
#else
#define ALL_HAVE_DRAINED (HAS_DRAINED(0) && HAS_DRAINED(1) && HAS_DRAINED(2))
#endif

proctype Sealer(byte s) {
  byte left = MARKS;
  byte agreed;
  closePending[s] = true;
  atomic { phase >= CLOSING -> patience[s] = PATIENCE }; /* it has applied CLOSING */
#ifdef BUG_NO_EXPIRY
  atomic { ALL_HAVE_DRAINED -> patience[s] = 0 };
#endif
#ifndef BUG_NO_WAIT
  atomic { ALL_HAVE_DRAINED || patience[s] == 0 -> patience[s] = 0 };
#endif
  do
  :: atomic { left > 0 && mark[s] == NONE -> mark[s] = SENT; left-- }
  :: atomic { mark[s] == LANDED ->
       mark[s] = NONE; proposed[s] = markAt[s]; markAt[s] = 0; sealPending[s] = true }; break
  :: atomic { left > 0 && mark[s] == LANDED -> mark[s] = NONE; markAt[s] = 0 } /* the answer is lost */
  od;
  atomic { phase == SEALED -> agreed = seal };
sealed:
  assert(agreed == seal)
}

/* -------------------------------------------------------------------------------------------- time */

inline tick(g) {
  if
  :: rested[g] >= PATIENCE - 1 && (lease[g] > 0 || frozen[g] > 0 || beat[g] != NONE) -> /* it is slow */
     rested[g] = 0
  :: if :: lease[g] > 0 -> lease[g]-- :: else fi;
     if :: frozen[g] > 0 -> frozen[g]-- :: else fi;
     if :: beat[g] != NONE && age[g] < LEASE -> age[g]++ :: else fi;
     if :: rested[g] < PATIENCE - 1 -> rested[g]++ :: else fi
  fi;
#ifdef REMOVALS
  if :: silence[g] > 0 -> silence[g]-- :: else fi
#endif
}

proctype Time() {
  byte i;
end:
  do
  :: atomic {
       i = 0;
       do
       :: i < GATEWAYS -> tick(i); i++
       :: else -> break
       od;
       i = 0;
       do
       :: i < SEALERS -> if :: patience[i] > 0 -> patience[i]-- :: else fi; i++
       :: else -> break
       od;
       i = 0 }
  od
}

#ifdef DUTY
#define DOES(g) (believes[g] && lease[g] > 0 && !stopped[g])
proctype OneDoesIt() {
end:
  atomic { DOES(0) && DOES(1) -> assert(false) }
}
#endif

init {
  byte i;
  byte k;
  atomic {
    firstMark = 255;
    believes[0] = true;
    i = 0;
    do
    :: i < GATEWAYS ->
       member[i] = true; lease[i] = LEASE; silence[i] = PATIENCE; rested[i] = PATIENCE - 1;
       run Beats(i); run Applies(i); run JournalBeats(i);
#ifdef REMOVALS
       run Observer(i);
#endif
#ifdef LEAVES
       run Leaves(i);
#endif
       k = 0;
       do
       :: k < APPENDS -> run Writer(i, i * APPENDS + k); run Partition(i * APPENDS + k); k++
       :: else -> break
       od;
       i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < SEALERS -> run Sealer(i); run Marks(i); run JournalSeals(i); i++
    :: else -> break
    od;
    i = 0; k = 0;
    run Time();
#ifdef DUTY
    run OneDoesIt()
#endif
  }
}

/* A split ends, whatever gateways do, as long as time passes, one sealer goes on and the brokers answer. */
ltl splits { <> (phase == SEALED) }
