#pragma once

#include <vector>

#include "src/cli/CaAccess.h"
#include "src/cli/Command.h"

namespace chancery::cli {

/// Somebody new at a CA, or changes of somebody.
class IdentityRegisterCommand : public Command {
public:
    std::string words() const override { return "identity register"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    Result<interfaces::CaIdentity> identity() const;

    CaCallAccess m_access;
    std::string m_id;
    std::string m_type = "client";
    std::string m_affiliation;
    std::vector<std::string> m_attributes;
    std::optional<std::uint64_t> m_enrolments;
    std::optional<std::uint64_t> m_secret;
    std::optional<std::filesystem::path> m_secretOut;
};

class IdentityRevokeCommand : public Command {
public:
    std::string words() const override { return "identity revoke"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    CaCallAccess m_access;
    std::optional<std::string> m_id;
    std::string m_serial;
    std::string m_aki;
    std::string m_reason = "unspecified";
    std::optional<std::filesystem::path> m_crl;
};

}  // namespace chancery::cli
