#include "src/crypto/TokenPlace.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "src/base/File.h"

namespace chancery::crypto {
namespace {

constexpr std::uint64_t kMostPinFileBytes = 1024;

Result<Secret> readPin(const std::filesystem::path& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 &&
        ((facts.st_mode & 077) != 0 || (facts.st_uid != ::geteuid() && facts.st_uid != 0)))
        return makeError(StatusCode::kFailedPrecondition, "SECRET_FILE_MODE",
                         fmt::format("{} holds a PIN and is open to other users (mode {:04o}); run "
                                     "\"chmod 600 {}\"",
                                     path.string(), unsigned(facts.st_mode & 07777), path.string()),
                         {{"file", path.string()}});
    ASSIGN_OR_RETURN(Bytes text, readFile(path, kMostPinFileBytes));
    Secret pin(BytesView(text).substr(0, text.find_first_of("\r\n")));
    wipe(text);
    return pin;
}

}  // namespace

Result<SignerPtr> openTokenSigner(const TokenPlace& place) {
    ASSIGN_OR_RETURN(auto library, TokenLibrary::load(place.module));
    ASSIGN_OR_RETURN(const auto token, Token::open(std::move(library), place.token));
    if (!token->loggedIn()) {
        ASSIGN_OR_RETURN(const Secret pin, readPin(place.pinFile));
        RETURN_IF_ERROR(token->login(pin.view()));
    }
    ASSIGN_OR_RETURN(const TokenKey key, token->find(place.key));
    return token->signer(key);
}

}  // namespace chancery::crypto
