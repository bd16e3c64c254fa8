// SPDX-License-Identifier: Apache-2.0
// Random requests to chip_sram with the SRAM behind it: each word read is the one last written.
`timescale 1ns/1ns
`default_nettype none
module chip_sram_tb;
	reg         clk = 0, check = 0;
	wire        core, oe_n, we_n, drive;
	wire [15:0] addr, to_sram, from_sram;
	wire [63:0] rdata;
	reg         en = 0, read1 = 0;
	reg  [7:0]  we = 0;
	reg  [13:0] word = 0, word1 = 0;
	reg  [63:0] wdata = 0, seen = 0, wanted = 0;
	reg  [63:0] mem [0:15];             // of words 0, 1025, 2050...
	integer     i, n = 0, reads = 0, wrong = 0, seed = 1;

	chip_sram u_dut (
		.clk_i(clk), .clk_o(core), .en_i(en), .we_i(we), .addr_i(word), .wdata_i(wdata), .rdata_o(rdata),
		.sram_addr_o(addr), .sram_oe_no(oe_n), .sram_we_no(we_n), .sram_drive_o(drive), .sram_data_o(to_sram), .sram_data_i(from_sram)
	);
	sram u_sram (
		.clk_i(clk), .check_i(check), .addr_i({2'd0, addr}), .oe_ni(oe_n), .we_ni(we_n), .drive_i(drive), .data_i(to_sram), .data_o(from_sram)
	);

	always #5 clk = !clk;

	always @(posedge core) begin
		// what the request of the edge before read is there at this one
		if (read1) begin
			reads = reads + 1;
			if (rdata !== wanted) wrong = wrong + 1;
		end
		read1 = check & en & (we == 0);
		wanted = mem[word[3:0]];
		if (check & en)
			for (i = 0; i < 8; i = i + 1)
				if (we[i]) mem[word[3:0]][8*i +: 8] = wdata[8*i +: 8];
		n = n + 1;
		en    <= (n < 36) ? check : ($random(seed) % 4 != 0);
		we    <= (n < 36) ? 8'hff : ($random(seed) % 2 != 0) ? 8'h00 : ($random(seed) % 3 == 0) ? 8'hff : ($random(seed) % 3 == 0) ? 8'd1 << n[2:0] : $random(seed);
		word  <= (n < 36) ? 1025 * (n % 16) : ($random(seed) % 3 == 0) ? word : 1025 * ($random(seed) & 15);
		wdata <= {$random(seed), $random(seed)};
	end

	initial begin
		u_dut.clk_q  = 0;
		u_dut.busy_q = 0;
		u_dut.read_q = 0;
		u_sram.noise_q = 1;
		#200 check = 1;
		wait (n == 20000);
		$display("%0d reads, %0d wrong", reads, wrong);
		$finish;
	end
endmodule
`default_nettype wire
