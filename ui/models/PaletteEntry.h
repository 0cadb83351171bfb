#pragma once

#include <QKeySequence>
#include <QObject>
#include <QString>
#include <functional>
#include <vector>

namespace chancery::ui {

/// Something else that can be done with what an entry names (Tab shows them).
struct PaletteAction {
    QString text;
    QString icon;
    std::function<void()> run;
};

/// One line of the command palette.
struct PaletteEntry {
    enum class Group { Do, GoTo, Search };
    enum class State { None, Good, Warning, Bad, Unknown };
    Group group = Group::Do;
    QString id;  ///< of a command; empty for objects
    QString icon;
    QString title;   ///< what is searched
    QString detail;  ///< what kind of thing it is, where it is
    State state = State::None;
    QString stateText;  ///< at the right: "Verified", "3,118 found"
    QKeySequence keys;
    QString blocked;  ///< why it cannot be done now; empty: it can
    QString command;  ///< the chanceryctl form
    std::function<void()> run;
    std::vector<PaletteAction> actions;
};

/// What was typed, with its prefix taken off.
struct PaletteQuery {
    enum class Scope { All, Commands, Ledger, Members };
    Scope scope = Scope::All;
    QString text;
};

/// Finds objects for the palette: blocks, transactions, keys, members. Lives in the GUI thread and
/// never blocks it.
class PaletteProvider : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// Answers by answered() with the same serial, at once or later; an answer to an older serial
    /// is dropped. What it finds is shown in its order, it need not fit the text by letters.
    virtual void ask(quint64 serial, const PaletteQuery& query) = 0;

Q_SIGNALS:
    /// `done`: no more answers to this serial will come.
    void answered(quint64 serial, const std::vector<chancery::ui::PaletteEntry>& entries,
                  bool done);
};

}  // namespace chancery::ui
