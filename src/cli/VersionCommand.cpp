#include "src/cli/VersionCommand.h"

#include "src/cli/Session.h"

namespace chancery::cli {

Help VersionCommand::help() const {
    return {.summary = "Show the version, and which ledger formats it reads",
            .about = {},
            .examples = {{"The version as JSON, for a script", "version --output json"}}};
}

ExitCode VersionCommand::run(Session& session) {
    if (session.wantsJson()) {
        session.print(Json{{"program", "chanceryctl"},
                           {"version", CHANCERY_VERSION},
                           {"formats", {"Hyperledger Fabric 2.5", "Hyperledger Fabric 3"}}});
        return ExitCode::Ok;
    }
    session.out().line(strong("chanceryctl") + Text(" " CHANCERY_VERSION));
    session.out().line("Reads and writes the formats of Hyperledger Fabric 2.5 and 3.");
    return ExitCode::Ok;
}

}  // namespace chancery::cli
