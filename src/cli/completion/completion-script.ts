// Completion scripts for bash, zsh and fish. They pass the words typed so far to `portolan complete -- WORDS` as arguments:
// nothing typed is ever evaluated, and bash needs no bash-completion package.

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** The script for a shell; it serves `portolan` and `kubectl-snat`. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

/** COMP_WORDS splits at `=` and `:` (COMP_WORDBREAKS); the words are joined again, and a candidate loses what was already typed. */
const BASH = `# bash completion for portolan
_portolan_complete() {
    local line="\${COMP_LINE:0:COMP_POINT}" words current line_out value prefix
    read -r -a words <<< "$line"
    case "$line" in *[[:space:]]) words+=("") ;; esac
    current="\${words[\${#words[@]}-1]}"
    prefix="\${current%"\${COMP_WORDS[COMP_CWORD]}"}"
    [[ "\${COMP_WORDS[COMP_CWORD]}" == "=" ]] && prefix="$current"
    COMPREPLY=()
    while IFS= read -r line_out; do
        value="\${line_out%%$'\\t'*}"
        case "$value" in
            :0) compopt -o default 2> /dev/null ;;
            :*) ;;
            *) COMPREPLY+=("\${value#"$prefix"}") ;;
        esac
    done < <("\${words[0]}" complete -- "\${words[@]:1}" 2> /dev/null)
}
complete -F _portolan_complete portolan kubectl-snat
`;

const ZSH = `#compdef portolan kubectl-snat
# zsh completion for portolan
_portolan() {
    local -a candidates
    local line value
    while IFS= read -r line; do
        case "$line" in
            :0) _files; return ;;
            :*) ;;
            *)
                value="\${line%%$'\\t'*}"
                candidates+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
                ;;
        esac
    done < <("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)
    _describe 'portolan' candidates
}
if [ "\${funcstack[1]}" = "_portolan" ]; then
    _portolan "$@"
else
    compdef _portolan portolan kubectl-snat
fi
`;

const FISH = `# fish completion for portolan
function __portolan_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] complete -- $words[2..-1] "$current" 2> /dev/null | string match -v -r '^:[0-9]+$'
end
complete -c portolan -f -a '(__portolan_complete)'
complete -c kubectl-snat -f -a '(__portolan_complete)'
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
