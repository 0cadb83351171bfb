#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/ca/Directory.h"
#include "node/ca/DirectoryExpression.h"
#include "node/ca/IdentityTable.h"

namespace chancery::node {

/// The users of a directory as identities of a CA. Type: what the converter hf.Type says, else
/// "client"; affiliation: what hf.Affiliation says, else the organisational units of the DN, the
/// outermost first; attributes: those of the entry and what the converters make of it. Thread-safe.
class DirectoryUsers {
public:
    /// Errors of Directory::open and checkConverter.
    static Result<std::unique_ptr<DirectoryUsers>> open(DirectoryOptions options);

    /// Errors of Directory::find; INVALID_ARGUMENT (BAD_USER_NAME) for names that no certificate
    /// holds; FAILED_PRECONDITION (BAD_DIRECTORY_ENTRY) for values that none shows.
    Result<IdentityRow> find(const std::string& id);
    /// Errors of Directory::checkPassword, too.
    Result<IdentityRow> login(const std::string& id, const std::string& password);

private:
    struct Converter {
        DirectoryConverter settings;
        DirectoryExpression expression;
    };
    DirectoryUsers(std::vector<std::string> attributes, std::vector<Converter> converters,
                   std::unique_ptr<Directory> directory)
        : m_attributes(std::move(attributes)),
          m_converters(std::move(converters)),
          m_directory(std::move(directory)) {}
    Result<IdentityRow> identityOf(const std::string& id, const DirectoryEntry& entry) const;

    const std::vector<std::string> m_attributes;
    const std::vector<Converter> m_converters;
    const std::unique_ptr<Directory> m_directory;
};

/// INVALID_ARGUMENT: BAD_CONVERTER_NAME (an "hf." that is no right, type or affiliation),
/// BAD_EXPRESSION.
Status checkConverter(const DirectoryConverter& converter, const DirectoryMaps& maps);

}  // namespace chancery::node
