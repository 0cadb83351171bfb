#include "src/cli/NetworkCommand.h"

#include "src/cli/Session.h"

namespace chancery::cli {

void NetworkCommand::declare(CommandLine& line) {
    options(line);
    m_access.declare(line);
    line.flag("--explain", "Do nothing; print the equivalent lines for Fabric's own tools",
              m_explain);
}

ExitCode NetworkCommand::run(Session& session) {
    if (const Status opened = open(); !opened.ok()) return session.fail(opened);
    if (!m_explain) return act(session);
    const auto commands = fabric();
    if (!commands.ok()) return session.fail(commands.status());
    return printFabricCommands(session, *commands);
}

ExitCode printFabricCommands(Session& session,
                             const std::vector<usecase::FabricCommand>& commands) {
    const std::vector<std::string> lines = usecase::shellLines(commands);
    if (session.wantsJson()) {
        Json all = Json::array();
        for (const std::string& line : lines) all.push_back(bytesToJson(line));
        session.print({{"fabric", std::move(all)}});
        return ExitCode::Ok;
    }
    // Lines that are to be copied are not wrapped.
    for (const std::string& line : lines) session.out().raw(Text(line).plain() + "\n");
    return ExitCode::Ok;
}

}  // namespace chancery::cli
