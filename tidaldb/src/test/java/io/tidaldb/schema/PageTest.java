package io.tidaldb.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageTest {

  @Test
  void aListReadOneTooLongHasANextPageBehindItsLastItem() {
    var page = Page.of(List.of(1, 2, 3), 2, last -> "after " + last);

    assertThat(page.items()).containsExactly(1, 2);
    assertThat(page.next()).contains("after 2");
    assertThat(page.following(PageRequest.first(2)))
        .contains(new PageRequest(2, Optional.of("after 2")));
  }

  @Test
  void aListThatFitsEndsThere() {
    var page = Page.of(List.of(1, 2), 2, last -> "after " + last);

    assertThat(page.items()).containsExactly(1, 2);
    assertThat(page.next()).isEmpty();
    assertThat(page.following(PageRequest.first(2))).isEmpty();
    assertThat(Page.empty().items()).isEmpty();
  }

  @Test
  void aPageHoldsOneToAThousandItemsAndAHundredByDefault() {
    assertThat(PageRequest.first().limit()).isEqualTo(100);
    assertThat(PageRequest.first(1).limit()).isEqualTo(1);
    assertThat(PageRequest.first(1_000).limit()).isEqualTo(1_000);
    for (int wrong : new int[] {0, -1, 1_001}) {
      assertThatThrownBy(() -> PageRequest.first(wrong))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("given=" + wrong)
          .hasMessageContaining("allowed=1…1000")
          .extracting(error -> ((InvalidRequestException) error).code())
          .isEqualTo("LIMIT_OUT_OF_RANGE");
    }
  }

  @Test
  void aForeignTokenIsRefusedWithTheNameOfTheList() {
    var request = new PageRequest(5, Optional.of("junk"));

    assertThat(request.tokenInvalid("followers"))
        .hasMessageContaining("list=followers")
        .hasMessageContaining("given=junk");
  }
}
