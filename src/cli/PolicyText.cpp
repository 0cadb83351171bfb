#include "src/cli/PolicyText.h"

namespace chancery::cli {
namespace {

/// "2 of 3" as somebody would say it.
std::string gateWords(std::size_t needed, std::size_t parts, const std::string& rule) {
    if (!rule.starts_with(std::to_string(needed) + " of "))
        return rule;  // a named policy, "MAJORITY Admins"
    if (parts == 0) return needed == 0 ? "nobody has to sign" : "nobody can satisfy this";
    if (needed == 0) return "nobody has to sign";
    if (needed > parts) return fmt::format("{} of these {}, which is impossible", needed, parts);
    if (needed == parts)
        return parts == 1   ? "this one"
               : parts == 2 ? "both of these"
                            : fmt::format("all {} of these", parts);
    if (needed == 1) return fmt::format("any one of these {}", parts);
    return fmt::format("any {} of these {}", needed, parts);
}

}  // namespace

TreeNode treeOf(const usecase::PolicyNode& node) {
    if (node.parts.empty() && !node.phrase.empty())
        return {Text(node.rule, Tone::Strong) + quiet("  " + node.phrase), {}};
    if (node.parts.size() == 1 && node.rule == "1 of 1") return treeOf(node.parts.front());
    TreeNode tree{Text(gateWords(node.needed, node.parts.size(), node.rule)), {}};
    for (const usecase::PolicyNode& part : node.parts) tree.children.push_back(treeOf(part));
    return tree;
}

TreeNode treeOf(const usecase::PolicyExplanation& explanation) {
    const Text mark = explanation.satisfied ? good("✓ ") : bad("✗ ");
    if (explanation.parts.empty() && !explanation.phrase.empty()) {
        Text text = Text(mark) + strong(explanation.rule);
        if (explanation.satisfied)
            text.add("  " + explanation.usedBy, Tone::Good);
        else
            text.add("  " + (explanation.why.empty() ? "nobody signed as " + explanation.phrase
                                                     : explanation.why),
                     Tone::Quiet);
        return {text, {}};
    }
    if (explanation.parts.size() == 1 && explanation.rule == "1 of 1")
        return treeOf(explanation.parts.front());
    Text text = Text(mark) +
                Text(gateWords(explanation.needed, explanation.parts.size(), explanation.rule));
    text.add(fmt::format(": {} needed, {} there", explanation.needed, explanation.have),
             Tone::Quiet);
    TreeNode tree{text, {}};
    for (const usecase::PolicyExplanation& part : explanation.parts)
        tree.children.push_back(treeOf(part));
    return tree;
}

void printSets(Printer& out, const usecase::PolicyInsight& insight) {
    constexpr std::size_t kShown = 12;
    const auto print = [&](std::string_view title,
                           const std::vector<std::vector<std::string>>& sets) {
        if (sets.empty()) return;
        out.heading(title);
        for (std::size_t i = 0; i < sets.size() && i < kShown; ++i) {
            std::vector<Text> members(sets[i].begin(), sets[i].end());
            out.item("•", members.empty() ? Text("nobody at all") : joined(members, " + "), 2);
        }
        if (sets.size() > kShown)
            out.line(quiet(fmt::format("… and {} more", sets.size() - kShown)), 2);
    };
    print("Signatures that suffice", insight.signerSets);
    // With one signature of each organisation both lists would say the same.
    if (insight.organisationSets.size() != insight.signerSets.size())
        print("Organisations that suffice", insight.organisationSets);
    if (insight.setsProblem.empty() && insight.signerSets.empty())
        out.line(bad("Nobody can satisfy it."));
    if (!insight.setsProblem.empty()) out.paragraph(warning(insight.setsProblem));
    if (insight.indispensable.empty()) return;
    out.blank();
    const std::vector<Text> names(insight.indispensable.begin(), insight.indispensable.end());
    out.paragraph(Text("Nothing goes without ") + joined(names, ", ") + Text("."));
}

Json toJson(const usecase::PolicyInsight& insight) {
    Json json;
    if (!insight.path.empty()) json["path"] = insight.path;
    json["text"] = insight.text;
    json["tree"] = toJson(insight.tree);
    json["organisations"] = insight.organisations;
    json["signer_sets"] = insight.signerSets;
    json["organisation_sets"] = insight.organisationSets;
    json["indispensable"] = insight.indispensable;
    if (!insight.setsProblem.empty()) json["sets_problem"] = insight.setsProblem;
    return json;
}

Json toJson(const usecase::PolicyNode& node) {
    Json json{{"rule", node.rule}};
    if (!node.phrase.empty()) json["phrase"] = node.phrase;
    if (node.parts.empty()) return json;
    json["needed"] = node.needed;
    Json parts = Json::array();
    for (const usecase::PolicyNode& part : node.parts) parts.push_back(toJson(part));
    json["parts"] = std::move(parts);
    return json;
}

}  // namespace chancery::cli
