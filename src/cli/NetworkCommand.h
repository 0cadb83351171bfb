#pragma once

#include <vector>

#include "src/cli/Command.h"
#include "src/cli/NetworkAccess.h"

namespace chancery::cli {

/// A command that speaks to a network. With --explain it does nothing, but prints what somebody
/// with Fabric's own tools would type instead.
class NetworkCommand : public Command {
public:
    void declare(CommandLine& line) final;
    ExitCode run(Session& session) final;

protected:
    /// Beside those of NetworkAccess.
    virtual void options(CommandLine&) {}
    /// Before act() and fabric(). Sends nothing.
    virtual Status open() { return m_access.open(); }
    virtual Result<std::vector<usecase::FabricCommand>> fabric() = 0;
    virtual ExitCode act(Session& session) = 0;

    NetworkAccess m_access;

private:
    bool m_explain = false;
};

/// The lines, for every command that has --explain.
ExitCode printFabricCommands(Session& session, const std::vector<usecase::FabricCommand>& commands);

}  // namespace chancery::cli
