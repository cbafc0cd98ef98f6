// The loop over instructions: one switch a morsel and instruction, none a row.
#include "runtime/exec/ops.h"

namespace seg::exec {

using bytecode::Op;

void interpret(Worker& w, const std::vector<bool>& is_live) {
  const std::vector<bytecode::Instruction>& code = w.pass().code;
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (!is_live[at]) continue;
    Words i = &code[at];
    const InstructionTime time(w, at);
    switch (i->op) {
      case Op::zero:
      case Op::ones:
      case Op::and_:
      case Op::or_:
      case Op::andn:
      case Op::not_:
      case Op::at_least: run_mask(w, i); break;
      case Op::load:
      case Op::load_bits:
      case Op::load_known:
      case Op::load_rows:
      case Op::self_rows:
      case Op::not_negative:
      case Op::gather:
      case Op::gather_bits:
      case Op::gather_known:
      case Op::gather_rows:
      case Op::spread:
      case Op::spread_bits:
      case Op::single:
      case Op::single_bits:
      case Op::look_up:
      case Op::keep:
      case Op::keep_bits: run_load(w, i); break;
      case Op::constant:
      case Op::constant_bits:
      case Op::constant_known:
      case Op::as_of_day:
      case Op::as_of_end: run_constant(w, i); break;
      case Op::equal:
      case Op::less:
      case Op::equal_c:
      case Op::less_c:
      case Op::greater_c:
      case Op::one_of:
      case Op::in_set:
      case Op::in_window: run_compare(w, i); break;
      case Op::add:
      case Op::subtract:
      case Op::multiply:
      case Op::divide:
      case Op::negate:
      case Op::absolute:
      case Op::minimum:
      case Op::maximum:
      case Op::to_number:
      case Op::multiply_scaled:
      case Op::divide_scaled:
      case Op::round_number:
      case Op::round_money:
      case Op::floor_number:
      case Op::ceil_number:
      case Op::floor_money:
      case Op::ceil_money:
      case Op::points:
      case Op::select:
      case Op::bit_value: run_arithmetic(w, i); break;
      case Op::map_code:
      case Op::text_length:
      case Op::text_part:
      case Op::list_any:
      case Op::list_any_of:
      case Op::list_has:
      case Op::list_size: run_text(w, i); break;
      case Op::recurs_in_window:
      case Op::day_of_time:
      case Op::hour_of_time:
      case Op::start_of_day:
      case Op::years_between:
      case Op::months_between:
      case Op::weeks_between:
      case Op::days_between:
      case Op::hours_between:
      case Op::add_days:
      case Op::add_months:
      case Op::year_of:
      case Op::month_of:
      case Op::day_of_month:
      case Op::weekday_of:
      case Op::unit_start: run_date(w, i); break;
      case Op::count:
      case Op::exists:
      case Op::sum:
      case Op::average:
      case Op::average_rounded:
      case Op::least:
      case Op::greatest:
      case Op::median:
      case Op::median_rounded:
      case Op::distinct:
      case Op::most_common:
      case Op::pick:
      case Op::take:
      case Op::take_bits:
      case Op::gap:
      case Op::streak: run_aggregate(w, i); break;
      case Op::sequence:
      case Op::elapsed: run_sequence(w, i); break;
      case Op::emit_segment:
      case Op::emit_missing:
      case Op::emit_value:
      case Op::emit_flag:
      case Op::emit_overflow:
      case Op::emit_outside: run_emit(w, i); break;
      case Op::more: break;  // read with its first word
    }
  }
}

}  // namespace seg::exec
