#pragma once

#include "src/cli/NetworkCommand.h"
#include "src/usecase/HealthExam.h"

namespace chancery::cli {

/// Looks at a whole network with all rules.
class HealthCommand : public NetworkCommand {
public:
    std::string words() const override { return "network health"; }
    Help help() const override;

protected:
    void options(CommandLine& line) override;
    Status open() override;
    Result<std::vector<usecase::FabricCommand>> fabric() override;
    ExitCode act(Session& session) override;

private:
    ExitCode printRules(Session& session) const;
    Result<usecase::HealthFacts> collect(Session& session);
    void collectCertificates(usecase::HealthFacts& facts);

    bool m_rules = false;
};

}  // namespace chancery::cli
