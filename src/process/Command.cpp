#include "src/process/Command.h"

#include <unistd.h>

#include <fmt/format.h>
#include <cstdlib>

namespace chancery::process {

Environment minimalEnvironment() {
    Environment environment;
    for (const char* name : {"PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "XDG_RUNTIME_DIR"})
        if (const char* value = std::getenv(name)) environment.emplace(name, value);
    return environment;
}

Result<std::filesystem::path> findProgram(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
    while (!rest.empty()) {
        const auto end = std::min(rest.find(':'), rest.size());
        const std::filesystem::path candidate = std::filesystem::path(rest.substr(0, end)) / name;
        rest.remove_prefix(std::min(end + 1, rest.size()));
        std::error_code error;
        // A relative folder in PATH would make the answer depend on where we stand.
        if (candidate.is_absolute() && std::filesystem::is_regular_file(candidate, error) &&
            ::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    return makeError(StatusCode::kNotFound, "PROGRAM_NOT_FOUND",
                     fmt::format("there is no program '{}' in PATH", name),
                     {{"program", std::string(name)}});
}

}  // namespace chancery::process
