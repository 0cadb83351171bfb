#include "src/identity/NameConstraints.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"

namespace chancery::identity {
namespace {

namespace der = crypto::der;
using crypto::DerReader;

constexpr std::size_t kMostComparisons = 250'000;

Status bad(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_CERTIFICATE", sentence);
}

Status denied(std::string_view sentence, std::string_view name) {
    return makeError(StatusCode::kPermissionDenied, "NAME_CONSTRAINT", sentence,
                     {{"name", printable(name, 256)}});
}

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

// Last label first. Nothing when a label is empty or holds anything but visible ASCII; the empty
// name has no labels.
std::optional<std::vector<std::string_view>> reverseLabels(std::string_view domain) {
    std::vector<std::string_view> labels;
    while (!domain.empty()) {
        const std::size_t dot = domain.rfind('.');
        const std::string_view label =
            dot == std::string_view::npos ? domain : domain.substr(dot + 1);
        for (const char c : label)
            if (c < 33 || c > 126) return std::nullopt;
        if (label.empty()) return std::nullopt;
        labels.push_back(label);
        if (dot == 0) break;  // Go reads ".a" like "a"
        domain = dot == std::string_view::npos ? std::string_view() : domain.substr(0, dot);
    }
    return labels;
}

struct Mailbox {
    std::string local;
    std::string domain;
};

// The quoted form of a local part; `text` moves behind the closing quote.
std::optional<std::string> readQuoted(std::string_view& text) {
    std::string local;
    text.remove_prefix(1);
    while (!text.empty()) {
        auto c = std::uint8_t(text.front());
        text.remove_prefix(1);
        if (c == '"') return local;
        if (c == '\\') {
            if (text.empty()) return std::nullopt;
            c = std::uint8_t(text.front());
            text.remove_prefix(1);
            if (c == 0 || c == 10 || c == 13 || c > 127) return std::nullopt;
        } else if (c == 0 || c == 9 || c == 10 || c == 13 || c > 127) {
            return std::nullopt;
        }
        local += char(c);
    }
    return std::nullopt;
}

std::optional<std::string> readAtoms(std::string_view& text) {
    constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~.";
    std::string local;
    while (!text.empty()) {
        char c = text.front();
        const bool isEscape = c == '\\';
        if (isEscape) {
            text.remove_prefix(1);
            if (text.empty()) return std::nullopt;
            c = text.front();
        }
        const bool isAtom = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                            (c >= 'A' && c <= 'Z') || kMarks.find(c) != std::string_view::npos;
        if (!isAtom && !isEscape) break;
        local += c;
        text.remove_prefix(1);
    }
    if (local.empty() || local.front() == '.' || local.back() == '.' ||
        local.find("..") != std::string::npos)
        return std::nullopt;
    return local;
}

std::optional<Mailbox> readMailbox(std::string_view text) {
    if (text.empty()) return std::nullopt;
    auto local = text.front() == '"' ? readQuoted(text) : readAtoms(text);
    if (!local || text.empty() || text.front() != '@') return std::nullopt;
    text.remove_prefix(1);
    if (!reverseLabels(text)) return std::nullopt;
    return Mailbox{*std::move(local), std::string(text)};
}

bool isIpText(const std::string& text) {
    in6_addr address;
    return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
           inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

// Host of a URI with an authority, without port and brackets. Empty when there is none.
std::string hostOfUri(std::string_view uri) {
    const std::size_t authority = uri.find("://");
    if (authority == std::string_view::npos) return {};
    std::string_view host = uri.substr(authority + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    if (const std::size_t user = host.rfind('@'); user != std::string_view::npos)
        host.remove_prefix(user + 1);
    if (!host.empty() && host.front() == '[') return std::string(host);
    return std::string(host.substr(0, host.find(':')));
}

// true or false, or the reason why the two cannot be compared.
using Match = Result<bool>;

Match matchDomain(std::string_view domain, std::string_view constraint) {
    if (constraint.empty()) return true;
    const auto labels = reverseLabels(domain);
    if (!labels) return denied("a domain name cannot be compared with a name constraint", domain);
    const bool needsMore = constraint.front() == '.';
    if (needsMore) constraint.remove_prefix(1);
    const auto wanted = reverseLabels(constraint);
    if (!wanted) return denied("a name constraint is no domain name", constraint);
    if (labels->size() < wanted->size() || (needsMore && labels->size() == wanted->size()))
        return false;
    for (std::size_t i = 0; i < wanted->size(); ++i)
        if (!equalsIgnoringCase((*wanted)[i], (*labels)[i])) return false;
    return true;
}

Match matchEmail(std::string_view address, std::string_view constraint) {
    const auto mailbox = readMailbox(address);
    if (!mailbox)
        return denied("an e-mail address cannot be compared with a name constraint", address);
    if (constraint.find('@') == std::string_view::npos)
        return matchDomain(mailbox->domain, constraint);
    const auto wanted = readMailbox(constraint);
    if (!wanted) return denied("a name constraint is no mailbox", constraint);
    return mailbox->local == wanted->local && equalsIgnoringCase(mailbox->domain, wanted->domain);
}

Match matchUri(std::string_view uri, std::string_view constraint) {
    const std::string host = hostOfUri(uri);
    if (host.empty())
        return denied("a URI without a host cannot be compared with a name constraint", uri);
    if (host.front() == '[' || isIpText(host))
        return denied("a URI with an address cannot be compared with a name constraint", uri);
    return matchDomain(host, constraint);
}

Match matchIp(BytesView address, BytesView constraint) {
    if (address.size() * 2 != constraint.size()) return false;
    for (std::size_t i = 0; i < address.size(); ++i) {
        const char mask = constraint[address.size() + i];
        if ((address[i] & mask) != (constraint[i] & mask)) return false;
    }
    return true;
}

// Calls `match` with every constraint of the name's kind until one says yes.
Match matchesAny(const GeneralName& name, const NameConstraints::Subtrees& trees,
                 std::size_t& comparisons, bool& any) {
    const auto run = [&](const auto& constraints, auto match) -> Match {
        any = !constraints.empty();
        for (const auto& constraint : constraints) {
            if (++comparisons > kMostComparisons)
                return makeError(
                    StatusCode::kResourceExhausted, "TOO_MANY_CONSTRAINTS",
                    "a certificate needs more than 250,000 comparisons with name constraints");
            ASSIGN_OR_RETURN(const bool matched, match(name.value, constraint));
            if (matched) return true;
        }
        return false;
    };
    switch (name.kind) {
        case NameKind::Dns:
            return run(trees.dns, matchDomain);
        case NameKind::Email:
            return run(trees.emails, matchEmail);
        case NameKind::Uri:
            return run(trees.uris, matchUri);
        case NameKind::Ip:
            return run(trees.ips, matchIp);
        case NameKind::Other:
            break;
    }
    any = false;
    return false;
}

Status checkForm(const GeneralName& name) {
    switch (name.kind) {
        case NameKind::Dns:
            if (!reverseLabels(name.value)) return denied("a DNS name is malformed", name.value);
            break;
        case NameKind::Email:
            if (!readMailbox(name.value))
                return denied("an e-mail address is malformed", name.value);
            break;
        default:
            break;
    }
    return absl::OkStatus();
}

bool isMask(BytesView mask) {
    bool ended = false;
    for (const char c : mask) {
        const auto byte = std::uint8_t(c);
        if (ended ? byte != 0 : byte != 0 && (byte | (byte - 1)) != 0xFF) return false;
        if (byte != 0xFF) ended = true;
    }
    return true;
}

Status readConstraint(std::uint8_t tag, BytesView value, NameConstraints::Subtrees& trees,
                      bool& unknown) {
    const auto isDomain = [](std::string_view text) {
        if (!text.empty() && text.front() == '.') text.remove_prefix(1);
        return reverseLabels(text).has_value();
    };
    switch (tag) {
        case der::context(2):
            if (!isAscii(value) || !isDomain(value))
                return bad("a DNS name constraint is malformed");
            trees.dns.emplace_back(value);
            break;
        case der::context(1):
            if (!isAscii(value) ||
                (value.find('@') == BytesView::npos ? !isDomain(value) : !readMailbox(value)))
                return bad("an e-mail name constraint is malformed");
            trees.emails.emplace_back(value);
            break;
        case der::context(6):
            if (!isAscii(value) || isIpText(std::string(value)) || !isDomain(value))
                return bad("a URI name constraint is malformed");
            trees.uris.emplace_back(value);
            break;
        case der::context(7):
            if ((value.size() != 8 && value.size() != 32) ||
                !isMask(value.substr(value.size() / 2)))
                return bad("an address name constraint is malformed");
            trees.ips.emplace_back(value);
            break;
        default:
            unknown = true;
    }
    return absl::OkStatus();
}

}  // namespace

Status NameConstraints::check(const std::vector<GeneralName>& names) const {
    std::size_t comparisons = 0;
    bool any = false;
    for (const GeneralName& name : names) {
        RETURN_IF_ERROR(checkForm(name));
        ASSIGN_OR_RETURN(const bool isExcluded, matchesAny(name, excluded, comparisons, any));
        if (isExcluded)
            return denied("a name constraint excludes a name of the certificate", name.value);
        ASSIGN_OR_RETURN(const bool isPermitted, matchesAny(name, permitted, comparisons, any));
        if (any && !isPermitted)
            return denied("no name constraint permits a name of the certificate", name.value);
    }
    return absl::OkStatus();
}

Result<NameConstraints> readNameConstraints(BytesView value) {
    NameConstraints constraints;
    DerReader outer(value);
    const auto content = outer.read(der::kSequence);
    if (!content || !outer.empty()) return bad("the name constraints are not one sequence");
    DerReader reader(*content);
    if (reader.empty()) return bad("the name constraints are empty");
    for (auto [tag, trees] : {std::pair(der::contextConstructed(0), &constraints.permitted),
                              std::pair(der::contextConstructed(1), &constraints.excluded)}) {
        if (reader.nextTag() != tag) continue;
        const auto list = reader.read(tag);
        if (!list || list->empty()) return bad("a list of name constraints is empty");
        DerReader subtrees(*list);
        while (!subtrees.empty()) {
            const auto subtree = subtrees.read(der::kSequence);
            const auto base = DerReader(subtree.value_or(BytesView())).readAny();
            if (!base) return bad("a name constraint is not a sequence with a name");
            RETURN_IF_ERROR(
                readConstraint(base->tag, base->content, *trees, constraints.hasUnknownKinds));
        }
    }
    if (!reader.empty()) return bad("bytes follow the name constraints");
    return constraints;
}

bool looksLikeHostName(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.empty()) return false;
    bool isFirst = true;
    while (true) {
        const std::size_t dot = name.find('.');
        const std::string_view label = name.substr(0, dot);
        if (label.empty()) return false;
        if (!(isFirst && label == "*")) {
            for (std::size_t i = 0; i < label.size(); ++i) {
                const char c = label[i];
                const bool isGood = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                    (c >= '0' && c <= '9') || (c == '-' && i != 0) || c == '_' ||
                                    c == ':';
                if (!isGood) return false;
            }
        }
        isFirst = false;
        if (dot == std::string_view::npos) return true;
        name.remove_prefix(dot + 1);
    }
}

}  // namespace chancery::identity
