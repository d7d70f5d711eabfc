namespace Lae.Formats.CmdStan;

/// <summary>The columns of a draw that are not parameters.</summary>
/// <param name="LogDensity"><c>lp__</c>.</param>
/// <param name="AcceptanceProbability"><c>accept_stat__</c>, 1 for an unadjusted kernel.</param>
/// <param name="StepSize"><c>stepsize__</c>.</param>
/// <param name="TreeDepth"><c>treedepth__</c>, 0 for kernels without trees.</param>
/// <param name="GradientCount"><c>n_leapfrog__</c>.</param>
/// <param name="IsDivergent"><c>divergent__</c>.</param>
/// <param name="Energy"><c>energy__</c>; −<c>lp__</c> for kernels without momentum.</param>
public readonly record struct CmdStanDraw(double LogDensity, double AcceptanceProbability, double StepSize, int TreeDepth, long GradientCount, bool IsDivergent, double Energy);
