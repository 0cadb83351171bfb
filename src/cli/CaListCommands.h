#pragma once

#include <vector>

#include "src/cli/CaAccess.h"
#include "src/cli/Command.h"

namespace chancery::cli {

/// Who is registered.
class CaIdentitiesCommand : public Command {
public:
    std::string words() const override { return "ca identities"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    CaCallAccess m_access;
    std::optional<std::string> m_id;
};

/// What the CA has issued.
class CaCertificatesCommand : public Command {
public:
    std::string words() const override { return "ca certificates"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    CaCallAccess m_access;
    std::string m_id;
    std::optional<std::string> m_before;
    bool m_living = false;
    bool m_withPem = false;
};

/// The tree of departments, and changes of it.
class CaAffiliationsCommand : public Command {
public:
    std::string words() const override { return "ca affiliations"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    Result<interfaces::Affiliation> work();

    CaCallAccess m_access;
    std::optional<std::string> m_add;
    std::optional<std::string> m_remove;
    std::optional<std::string> m_rename;
    std::optional<std::string> m_to;
    bool m_force = false;
};

}  // namespace chancery::cli
