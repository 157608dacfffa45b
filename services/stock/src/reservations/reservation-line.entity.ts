import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** What an order holds at one place. */
@Entity('reservation_lines')
@Check('reservation_lines_quantity', 'quantity > 0')
export class ReservationLine {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @PrimaryColumn('text')
  sku!: string;

  @PrimaryColumn('text')
  location!: string;

  @Column('int')
  quantity!: number;
}
