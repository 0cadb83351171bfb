#include "src/cli/ManualCommand.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/ManualPage.h"
#include "src/cli/Session.h"

namespace chancery::cli {

Help ManualCommand::help() const {
    return {.summary = "Write the manual pages of all commands into a folder, for man",
            .about = {"What these pages say is what --help says. Packages bring them along; look "
                      "at one with \"man ./FOLDER/chanceryctl-cert-renew.1\"."},
            .examples = {{"All pages", "manual pages"}}};
}

void ManualCommand::declare(CommandLine& line) {
    line.value({.names = "FOLDER",
                .help = "Folder for the pages; made when it is not there",
                .kind = ValueKind::Path,
                .required = true},
               m_folder);
}

ExitCode ManualCommand::run(Session& session) {
    std::error_code error;
    std::filesystem::create_directories(m_folder, error);
    if (error)
        return session.fail(
            makeError(StatusCode::kInternal, "FILE_ERROR",
                      fmt::format("cannot make {}: {}", m_folder.string(), error.message())),
            ExitCode::CannotWrite);
    for (const ManualPage& page : manualPages(session.commands(), CHANCERY_VERSION))
        if (const Status written = writeFileAtomically(m_folder / page.name, page.text, 0644);
            !written.ok())
            return session.fail(written, ExitCode::CannotWrite);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
