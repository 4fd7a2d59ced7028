# What a lab shell knows besides its namespace: its prompt, and portolan itself. Read by bash (--rcfile) and by sh (ENV).
portolan() { "$PORTOLAN_NODE" "$PORTOLAN_PROGRAM" "$@"; }
PS1="[$PORTOLAN_TITLE] \\$ "
