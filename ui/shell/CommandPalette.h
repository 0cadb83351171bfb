#pragma once

#include <QPointer>
#include <QWidget>

class QLineEdit;
class QListView;

namespace chancery::ui {

class Label;
class PaletteModel;
struct PaletteEntry;

/// Reach anything by name: a field over the page with what can be done, gone to, and searched for.
/// Up and Down move, Enter runs, Tab shows other actions of an object, Ctrl+Shift+C copies the
/// command line form, Esc closes and gives the focus back. It covers its parent.
class CommandPalette : public QWidget {
    Q_OBJECT
public:
    CommandPalette(PaletteModel& model, QWidget* parent);

    void open(const QString& text = {});
    void close();
    bool isOpen() const { return isVisible(); }
    /// "All channels" or the name of what is searched; a chip in the field.
    void setScopeText(const QString& text);
    QLineEdit* field() const { return m_field; }
    QListView* list() const { return m_list; }
    void retranslate();

Q_SIGNALS:
    /// Before the entry's own function is called; the palette is closed by then.
    void running(const chancery::ui::PaletteEntry& entry);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    class Box;
    class Footer;
    bool keyInField(QKeyEvent* event);
    void move(int step);
    void run(int row);
    void showActions(int row);
    void copyCommand(int row);
    void selectFirst();
    void place();

    PaletteModel& m_model;
    Box* m_box;
    QLineEdit* m_field;
    Label* m_scope;
    QListView* m_list;
    Label* m_none;
    Footer* m_footer;
    QPointer<QWidget> m_focusBefore;
};

}  // namespace chancery::ui
