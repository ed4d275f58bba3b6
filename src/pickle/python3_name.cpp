#include "pickle/python3_name.hpp"

#include <algorithm>
#include <utility>

namespace jl {

namespace {

// What moved and was renamed with Python 3.
constexpr std::pair<PythonName, PythonName> names[] = {
    {{"__builtin__", "xrange"}, {"builtins", "range"}},
    {{"__builtin__", "unicode"}, {"builtins", "str"}},
    {{"__builtin__", "basestring"}, {"builtins", "str"}},
    {{"__builtin__", "long"}, {"builtins", "int"}},
    {{"__builtin__", "unichr"}, {"builtins", "chr"}},
    {{"__builtin__", "reduce"}, {"functools", "reduce"}},
    {{"__builtin__", "intern"}, {"sys", "intern"}},
    {{"itertools", "izip"}, {"builtins", "zip"}},
    {{"itertools", "imap"}, {"builtins", "map"}},
    {{"itertools", "ifilter"}, {"builtins", "filter"}},
    {{"itertools", "ifilterfalse"}, {"itertools", "filterfalse"}},
    {{"itertools", "izip_longest"}, {"itertools", "zip_longest"}},
    {{"exceptions", "StandardError"}, {"builtins", "Exception"}},
    {{"UserDict", "IterableUserDict"}, {"collections", "UserDict"}},
};

constexpr std::pair<std::string_view, std::string_view> modules[] = {
    {"__builtin__", "builtins"},
    {"exceptions", "builtins"},
    {"copy_reg", "copyreg"},
    {"cPickle", "pickle"},
    {"Queue", "queue"},
    {"repr", "reprlib"},
    {"StringIO", "io"},
    {"cStringIO", "io"},
    {"UserDict", "collections"},
    {"UserList", "collections"},
    {"UserString", "collections"},
    {"_abcoll", "collections.abc"},
    {"ConfigParser", "configparser"},
    {"SocketServer", "socketserver"},
    {"whichdb", "dbm"},
    {"anydbm", "dbm"},
    {"dbhash", "dbm.bsd"},
    {"dumbdbm", "dbm.dumb"},
    {"gdbm", "dbm.gnu"},
    {"Cookie", "http.cookies"},
    {"cookielib", "http.cookiejar"},
    {"httplib", "http.client"},
    {"urlparse", "urllib.parse"},
    {"robotparser", "urllib.robotparser"},
    {"HTMLParser", "html.parser"},
    {"htmlentitydefs", "html.entities"},
    {"xmlrpclib", "xmlrpc.client"},
    {"commands", "subprocess"},
    {"thread", "_thread"},
    {"dummy_thread", "_dummy_thread"},
    {"markupbase", "_markupbase"},
};

}  // namespace

PythonName python3_name(const PythonName& name) noexcept {
    const auto* const whole = std::ranges::find(names, name, &std::pair<PythonName, PythonName>::first);
    if (whole != std::end(names)) return whole->second;
    const auto* const module =
        std::ranges::find(modules, name.module, &std::pair<std::string_view, std::string_view>::first);
    return module == std::end(modules) ? name : PythonName{module->second, name.name};
}

}  // namespace jl
