#include <unistd.h>

#include "jlunpack/listing.hpp"
#include "jlunpack/torn.hpp"
#include "jlunpack/verbs.hpp"
#include "shell/document.hpp"
#include "shell/output.hpp"
#include "shell/printable.hpp"
#include "shell/program.hpp"
#include "shell/traversal.hpp"

namespace jl::unpack {

namespace {

constexpr std::uint64_t shown_objects = 24;

std::string about(const FileInfo& info) { return info.codec == "none" ? info.format : info.format + ", " + info.codec; }

std::string arrays_of(const Value& root) {
    std::uint64_t arrays = 0, bytes = 0;
    shell::for_each_array(root, [&](const Value& array, const std::string&) { ++arrays, bytes += array.nbytes(); });
    const std::string text = std::to_string(arrays) + (arrays == 1 ? " array" : " arrays");
    return arrays > 0 ? text + " of " + shell::size_text(bytes) : text;
}

std::string object_text(const shell::Opened& opened, const Request& request) {
    const std::string lost = opened.info.containers == 0 ? ", its end is lost" : "";
    return about(opened.info) + ", " + arrays_of(opened.root) + lost + "\n" +
           listing(opened.root, request.statistics ? Details::statistics : Details::none);
}

std::string place_of(const ObjectInfo& object) {
    const std::string place = ", at byte " + std::to_string(object.offset) + ": ";
    if (object.begin == 0) return place;
    return ", at byte " + std::to_string(object.begin) + " of the stream" + place;
}

// Of many the first ones, then one line each.
void list_all(const shell::Objects& objects, const Request& request, shell::Output& out) {
    out.write(shell::printable(objects.name()) + ": " + std::to_string(objects.count()) +
              (objects.count() == 1 ? " object\n" : " objects\n"));
    for (const ObjectInfo& each : objects.contents().objects) {
        const std::string head = "object " + std::to_string(each.number) + place_of(each);
        if (each.number <= shown_objects)
            out.write("\n" + head + object_text(objects.open(each.number), request));
        else
            out.write((each.number == shown_objects + 1 ? "\n" : "") + head + about({each.format, each.codec}) + ", " +
                      shell::size_text(each.nbytes) + "\n");
    }
}

}  // namespace

int list(const Request& request) {
    const shell::Objects objects(request.file,
                                 {.program = "jlunpack",
                                  .payloads = request.statistics ? shell::Payloads::checked : shell::Payloads::unread,
                                  .n_threads = request.n_threads});
    shell::Output out(STDOUT_FILENO, "standard output");
    if (objects.several() && !request.object) {
        list_all(objects, request, out);
    } else {
        const std::uint64_t number = request.object.value_or(1);
        const shell::Opened opened = objects.open(number);
        const std::string which = objects.several()
                                      ? "object " + std::to_string(number) + " of " + std::to_string(objects.count()) +
                                            place_of(objects.contents().objects[static_cast<std::size_t>(number - 1)])
                                      : "";
        out.write(shell::printable(objects.name()) + ": " + which + object_text(opened, request));
    }
    out.flush();
    return told_torn(objects) ? shell::wrong_data : shell::success;
}

}  // namespace jl::unpack
